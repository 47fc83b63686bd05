"""What this machine can run. Where a part is missing its tests are listed as not run; with CI=true they fail."""

import os
import shutil
from pathlib import Path

import pytest

from tests import postgresql

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """The browser that the tests drive: Debian's own."""
    return next((path for path in map(shutil.which, CHROMIUM) if path), None)


def libreoffice() -> str | None:
    """The office program that recomputes exported workbooks."""
    return shutil.which("soffice") or shutil.which("libreoffice")


PARTS = {
    "chromium": lambda: chromium() is not None,
    "postgresql": postgresql.is_available,
    "libreoffice": lambda: libreoffice() is not None and _has_calc(),
    "pdftoppm": lambda: shutil.which("pdftoppm") is not None,
}


def _has_calc() -> bool:
    folders = (Path(libreoffice() or "/").resolve().parent, Path("/usr/lib/libreoffice/program"))
    return any(next(folder.glob("libsclo.*"), None) for folder in folders)


def in_ci() -> bool:
    """Whether a missing part is a failure."""
    return os.environ.get("CI", "").lower() in ("1", "true", "yes")


def require(part: str) -> None:
    """Go on only where ``part`` is there; otherwise the test is listed as not run, or fails in CI."""
    if PARTS[part]():
        return
    if in_ci():
        pytest.fail(f"{part} is missing on this machine, and CI=true wants every test to run", pytrace=False)
    pytest.skip(f"not run: {part} is not on this machine")
