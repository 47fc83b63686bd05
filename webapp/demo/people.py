"""The sign-ins of the demonstration: one per role, printed at start."""

from pathlib import Path


def sign_ins(data_dir: Path) -> list[str]:
    """The lines to print at start, if the database holds the demonstration; else none."""
    marker = data_dir / "demo"
    return marker.read_text(encoding="utf-8").splitlines() if marker.exists() else []
