"""Fault injection: ``make faults``. Kills the product at work and looks whether anything acknowledged was lost.

Each module ``fault_*.py`` beside this one has ``inject() -> list[str]``: what went wrong, empty when nothing did.
"""

import importlib
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> int:
    """0 when every fault was survived."""
    failed = 0
    for path in sorted(HERE.glob("fault_*.py")):
        troubles = importlib.import_module(f"benchmarks.{path.stem}").inject()
        failed += bool(troubles)
        print(
            f"{'survived' if not troubles else 'FAILED  '} {path.stem.removeprefix('fault_').replace('_', ' ')}",
            flush=True,
        )
        for trouble in troubles:
            print(f"    {trouble}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
