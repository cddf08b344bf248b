"""What goes into the wheel and into the container image is what stands in the tree."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from tests.project.conftest import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")


def copied() -> list[str]:
    """Every source of a COPY from the tree."""
    lines = re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
    return [source for line in lines for source in line.split()[:-1]]


def files_of(package: str) -> set[str]:
    found = (path for path in (ROOT / package).rglob("*") if path.is_file())
    return {path.relative_to(ROOT).as_posix() for path in found if "__pycache__" not in path.parts}


def test_the_image_copies_what_exists_and_nothing_hides_it() -> None:
    let_in = set((ROOT / ".dockerignore").read_text("utf-8").splitlines())
    assert copied()
    assert [source for source in copied() if not (ROOT / source).exists()] == []
    assert [source for source in copied() if f"!{source}" not in let_in] == []


def test_the_image_holds_every_package(packages: list[str]) -> None:
    assert {source for source in copied() if (ROOT / source).is_dir()} == set(packages)


def test_the_image_installs_by_hash_from_files_it_has() -> None:
    named = set(re.findall(r"-r (\S+)", DOCKERFILE))
    assert named == {"requirements-build.txt", "requirements.txt"}
    assert named <= set(copied())
    assert DOCKERFILE.count("--require-hashes") == len(named)


def test_the_image_does_not_run_as_root_and_keeps_data_in_a_volume() -> None:
    last_stage = DOCKERFILE.rsplit("\nFROM ", 1)[1]
    assert re.search(r"^USER (?!root|0)\w+", last_stage, re.MULTILINE)
    assert "VOLUME /data" in last_stage
    assert '"--data", "/data"' in last_stage


def test_the_health_check_is_a_program_that_python_accepts() -> None:
    found = re.search(r'CMD \["python", "-c", "(.+)"\]', DOCKERFILE)
    assert found
    assert "'/healthz'" in found[1]
    compile(found[1], "HEALTHCHECK", "exec")


def test_every_file_of_a_package_travels_in_the_wheel(packages: list[str], tmp_path: Path) -> None:
    standing = set().union(*map(files_of, packages))
    built = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(built, cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        held = set(wheel.namelist())
    assert standing - held == set()


def test_the_command_leads_somewhere(pyproject: dict[str, Any]) -> None:
    module, _, function = pyproject["project"]["scripts"]["lianxin"].partition(":")
    called = f"import {module} as m; assert callable(m.{function})"
    done = subprocess.run(
        [sys.executable, "-c", called], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
