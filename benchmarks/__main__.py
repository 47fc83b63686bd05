"""Run the benchmarks and say which goals are met: ``python -m benchmarks [NAME…]``."""

import importlib
import json
import platform
import sys
import time
from dataclasses import asdict
from pathlib import Path

from benchmarks.measuring import Result

HERE = Path(__file__).parent
RESULTS = HERE / "results"


def names() -> list[str]:
    """The benchmarks there are: the modules with a ``measure()``."""
    return sorted(path.stem.removeprefix("goal_") for path in HERE.glob("goal_*.py"))


def run(wanted: list[str]) -> list[Result]:
    """Measure, printing each line as it comes."""
    results = []
    for name in wanted:
        print(f"\n{name}", flush=True)
        for result in importlib.import_module(f"benchmarks.goal_{name}").measure():
            print("  " + result.line(), flush=True)
            results.append(result)
    return results


def main() -> int:
    """0 when every goal is met, 1 when one is missed, 2 for a name that does not exist."""
    wanted = sys.argv[1:] or names()
    unknown = sorted(set(wanted) - set(names()))
    if unknown:
        print(f"No such benchmark: {', '.join(unknown)}. There are: {', '.join(names())}", file=sys.stderr)
        return 2
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}")
    results = run(wanted)
    RESULTS.mkdir(exist_ok=True)
    kept = RESULTS / time.strftime("%Y%m%dT%H%M%SZ.json", time.gmtime())
    kept.write_text(json.dumps([asdict(result) for result in results], ensure_ascii=False, indent=1), encoding="utf-8")
    missed = [result for result in results if not result.is_met]
    print(
        f"\n{len(results) - len(missed)} of {len(results)} figures within their goal; kept in {kept.relative_to(HERE.parent)}"
    )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
