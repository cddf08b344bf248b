"""Finds a Chromium for the browser tests; run as a program, it installs one where it can."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_CHROME = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
DOWNLOADED = (
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
)


def find_chromium() -> Path | None:
    """The Chromium to test with: $LIANXIN_CHROMIUM if set, else one on the PATH, else Playwright's own.

    Only a browser that starts counts: Ubuntu's chromium-browser may be a stub that asks for a snap.
    """
    if chosen := os.environ.get("LIANXIN_CHROMIUM"):
        return Path(chosen) if _starts(chosen) else None
    on_path = (found for name in NAMES if (found := shutil.which(name)))
    candidates = [*on_path, *([str(MAC_CHROME)] if MAC_CHROME.exists() else []), *_downloaded()]
    return next((Path(candidate) for candidate in candidates if _starts(candidate)), None)


def why_no_chromium() -> str:
    """The one line a browser test fails with when `find_chromium` finds nothing."""
    if chosen := os.environ.get("LIANXIN_CHROMIUM"):
        return f"The browser tests need Chromium, and LIANXIN_CHROMIUM={chosen} does not start."
    return (
        "The browser tests need Chromium: install the package chromium (apt install chromium fonts-noto-cjk) "
        "or name a Chromium or Chrome in LIANXIN_CHROMIUM."
    )


def ensure_chromium() -> Path | None:
    """Finds a Chromium and a Chinese font, or installs what is missing; None when there is no way.

    Tries Debian's packages (as root, or with a sudo that asks nothing), then Playwright's download.
    """
    apt = _apt_get()
    if not _has_chinese_font() and apt:
        _install_package(apt, "fonts-noto-cjk")
    if (found := find_chromium()) or os.environ.get("LIANXIN_CHROMIUM"):
        return found
    if apt:
        _install_package(apt, "chromium")
        if found := find_chromium():
            return found
    _say("Browser: Playwright's Chromium")
    _runs([sys.executable, "-m", "playwright", "install", *(["--with-deps"] if apt else []), "chromium"])
    return find_chromium()


def _downloaded() -> list[str]:
    """Playwright's own Chromiums, the newest first."""
    cache = "Library/Caches" if sys.platform == "darwin" else ".cache"
    root = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / cache / "ms-playwright")
    return sorted((str(path) for pattern in DOWNLOADED for path in root.glob(pattern)), reverse=True)


def _starts(browser: str) -> bool:
    return _runs([browser, "--version"], timeout=60)


def _has_chinese_font() -> bool:
    if sys.platform == "darwin":
        return True
    try:
        listed = subprocess.run(
            ["fc-list", ":lang=zh", "family"], capture_output=True, timeout=60, check=False
        )
    except OSError:
        return False
    return bool(listed.stdout.strip())


def _apt_get() -> list[str] | None:
    """The start of an apt-get command that may install packages, or None."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        sudo = []
    elif shutil.which("sudo") and _runs(["sudo", "-n", "true"], timeout=60):
        sudo = ["sudo", "-n"]
    else:
        return None
    return [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]


def _install_package(apt: list[str], package: str) -> None:
    _say(f"Browser: installing the package {package}")
    _runs([*apt, "update"])
    _runs([*apt, "install", "--yes", "--no-install-recommends", package])


def _runs(command: list[str], *, timeout: float = 900) -> bool:
    """True when the command ends well; what it says goes nowhere, since the next way is tried anyway."""
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    if ensure_chromium() is None:
        print(why_no_chromium(), file=sys.stderr)
