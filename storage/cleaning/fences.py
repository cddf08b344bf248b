"""Takes from the worker process what it does not need: memory, files, network, other processes.

Each fence holds where the system knows it; one that is refused is left out, because the others still stand.
"""

import ctypes
import os
import platform
import struct
import sys
import sysconfig
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Final

_LIBRARIES = ("PIL", "pi_heif", "pikepdf", "lxml", "olefile", "filetype")
_MEMORY = 1536 << 20
_HANDLES = 64
_DUMPABLE, _NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 4, 38, 22, 2
# landlock(7), the same numbers on all architectures.
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_ALL_OF_VERSION_1 = (1 << 13) - 1
_MAY_READ = 1 << 2 | 1 << 3
# seccomp(2): processor, its number in the kernel's audit, and calls that nobody who cleans makes: socket,
# socketpair, connect, execve, execveat, fork, vfork, ptrace, process_vm_readv, _writev, kill, io_uring_setup.
_CALLS: Final = {
    "x86_64": (0xC000003E, (41, 53, 42, 59, 322, 57, 58, 101, 310, 311, 62, 425)),
    "aarch64": (0xC00000B7, (198, 199, 203, 221, 281, 117, 270, 271, 129, 425)),
}
_LOAD_WORD, _JUMP_IF_EQUAL, _JUMP_IF_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _FORBID = 0x7FFF0000, 0x00050000 | 1  # EPERM
_OTHER_NUMBERS = 0x40000000  # x32 calls, which would go around the list


def raise_fences() -> None:
    """Puts up all of them, for good; call it before the first hostile byte, in a process with one thread."""
    _limit()
    if sys.platform != "linux":
        return
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None, use_errno=True)
        library.prctl(_DUMPABLE, 0, 0, 0, 0)
        if library.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0:
            _close_files(library)
            _forbid_calls(library)


def _limit() -> None:
    try:
        import resource
    except ImportError:  # not on this system
        return
    for limit, value in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, _HANDLES),
    ):
        with suppress(OSError, ValueError):
            _, most = resource.getrlimit(limit)
            value = value if most == resource.RLIM_INFINITY else min(value, most)
            resource.setrlimit(limit, (value, value))


def _close_files(library: ctypes.CDLL) -> None:
    """Only Python's own libraries can be opened from here on: no key file, no database, no other process."""
    rules = ctypes.c_uint64(_ALL_OF_VERSION_1)
    handle = library.syscall(_LANDLOCK_CREATE, ctypes.byref(rules), ctypes.c_size_t(8), 0)
    if handle < 0:
        return
    try:
        for place in _places():
            with suppress(OSError):
                _allow_reading(library, handle, place)
        library.syscall(_LANDLOCK_RESTRICT, handle, 0)
    finally:
        os.close(handle)


def _places() -> set[str]:
    paths = sysconfig.get_paths()
    found = {paths[name] for name in ("stdlib", "platstdlib")}
    for library in _LIBRARIES:  # not every folder of sys.path: one of them may hold the data
        spec = find_spec(library)
        if spec is not None and spec.origin is not None:
            found.add(str(Path(spec.origin).parents[1]))
    return {*found, str(Path(__file__).parents[1]), "/usr/lib", "/usr/lib64", "/lib", "/lib64"}


def _allow_reading(library: ctypes.CDLL, handle: int, place: str) -> None:
    folder = os.open(place, getattr(os, "O_PATH", 0) | os.O_CLOEXEC)
    try:
        rule = ctypes.create_string_buffer(struct.pack("=Qi", _MAY_READ, folder))
        library.syscall(_LANDLOCK_ADD, handle, 1, rule, 0)
    finally:
        os.close(folder)


def _forbid_calls(library: ctypes.CDLL) -> None:
    if platform.machine() not in _CALLS:
        return
    audit, calls = _CALLS[platform.machine()]
    program = [
        (_LOAD_WORD, 0, 0, 4),
        (_JUMP_IF_EQUAL, 0, len(calls) + 3, audit),
        (_LOAD_WORD, 0, 0, 0),
        (_JUMP_IF_LEAST, len(calls) + 1, 0, _OTHER_NUMBERS),
        *((_JUMP_IF_EQUAL, len(calls) - place, 0, call) for place, call in enumerate(calls)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _FORBID),
    ]
    lines = b"".join(struct.pack("=HBBI", *line) for line in program)
    stored = ctypes.create_string_buffer(lines, len(lines))
    head = struct.pack("@HP", len(program), ctypes.addressof(stored))
    library.prctl(_SECCOMP, _FILTER, ctypes.create_string_buffer(head, len(head)), 0, 0)
