"""Assessment center: 48 participants, 5 exercises, 16 assessors, 8 rooms within ten seconds, every rule kept.

Independent of the product's own checks: ``tests/assessments/center/checker.py``. Best of three, for the search takes what
processor it gets.
"""

import time
from collections.abc import Iterator

from benchmarks.measuring import Result
from tests.assessments.center.checker import wrong_with
from tests.assessments.center.test_timetable import center
from webapp.assessments.center.timetable import arrange


def measure() -> Iterator[Result]:
    """The time of one search."""
    task, took = center(48, 16, 8, (8, 8, 8, 8, 8, 8)), []
    for _round in range(3):
        start = time.perf_counter()
        sittings = arrange(task)
        took.append(time.perf_counter() - start)
        if wrong_with(task, sittings):
            raise RuntimeError("the timetable breaks a rule")
    yield Result("AC", f"timetable of 48 × 5 × 16 × 8, {len(sittings)} sessions", min(took), "", 0.0, limit=10.0)
