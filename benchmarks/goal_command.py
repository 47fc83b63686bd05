"""Goal 9, first half: ``kaona --help`` within half a second; floor: starting Python and importing click."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measuring import Result, beside

KAONA = Path(sys.executable).with_name("kaona")


def measure() -> Iterator[Result]:
    """The time of the command's help."""

    def run(*command: str) -> None:
        subprocess.run(command, check=True, capture_output=True)

    own, floor = beside(lambda: run(str(KAONA), "--help"), lambda: run(sys.executable, "-c", "import click"), rounds=7)
    yield Result("9", "kaona --help", own, "python -c 'import click'", floor, limit=0.5)
