"""Where the Chromium of this machine is, and how it is started for a test.

`python -m tests.browser.chromium` prints its path, or says what is missing and fails.
"""

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_MAC = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


class NoChromium(AssertionError):
    """No Chromium on this machine: a failure, not a reason to skip."""


def path() -> str:
    """Return the Chromium on PATH, else a Mac's, else the one Playwright installed.

    Raises:
        NoChromium: there is none.
    """
    candidates = [shutil.which(name) for name in _NAMES] + [place for place in _MAC if Path(place).exists()]
    found = next((candidate for candidate in candidates if candidate), None)
    if found:
        return found
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    if not Path(own).exists():
        raise NoChromium("no Chromium: install one (`playwright install --with-deps chromium`), or run `make test`")
    return own


def flags() -> list[str]:
    """Return what keeps Chromium from calling home, and lets root start it."""
    quiet = ["disable-gpu", "disable-quic", "no-first-run", "disable-background-networking"]
    quiet += ["disable-component-update", "disable-sync"]
    rooted = ["no-sandbox"] if hasattr(os, "getuid") and os.getuid() == 0 else []
    return [f"--{flag}" for flag in quiet + rooted]


if __name__ == "__main__":
    try:
        print(path())
    except NoChromium as missing:
        sys.exit(str(missing))
