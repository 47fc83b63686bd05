"""``kaona init`` killed at any moment can be run again, and the database is whole (promise 5)."""

import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

KAONA = Path(sys.executable).with_name("kaona")
TRIES = 20


def inject() -> list[str]:
    """Kill it at moments spread over its whole run; what did not come right afterwards."""
    dice = random.Random(2569)
    with tempfile.TemporaryDirectory() as folder:
        whole = _seconds_of_init(Path(folder) / "unhurt")
        return [
            trouble
            for number in range(TRIES)
            for trouble in _killed_after(Path(folder) / str(number), dice.uniform(0.2, 1.0) * whole)
        ]


def _environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "KAONA_DATA_DIR": str(folder), "DATABASE_URL": "", "KAONA_ENV": "development"}


def _seconds_of_init(folder: Path) -> float:
    started = time.monotonic()
    subprocess.run([KAONA, "init"], env=_environment(folder), check=True, capture_output=True)
    return time.monotonic() - started


def _killed_after(folder: Path, seconds: float) -> list[str]:
    moment = f"killed after {seconds:.2f} s"
    process = subprocess.Popen(
        [KAONA, "init"], env=_environment(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    again = subprocess.run([KAONA, "init"], env=_environment(folder), capture_output=True, text=True, check=False)
    if again.returncode:
        return [f"{moment}: init could not be run again: {again.stderr.strip()[-300:]}"]
    connection = sqlite3.connect(folder / "kaona.sqlite")
    try:
        (state,) = connection.execute("PRAGMA integrity_check").fetchone()
        return [] if state == "ok" else [f"{moment}: {state}"]
    finally:
        connection.close()
