"""The kinds of long work, and where each is done.

A kind is a function ``(arguments, report) -> Made`` that runs inside the application with a session of its own. It may
be run again from its beginning if the worker was killed, so what it writes must be safe to repeat.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

KINDS: dict[str, str] = {
    "import-check": "webapp.imports.work:check",
    "import-apply": "webapp.imports.work:apply",
    "items-check": "webapp.assessments.bank.transfer.work:check",
    "items-apply": "webapp.assessments.bank.transfer.work:apply",
    "items-export": "webapp.assessments.bank.transfer.work:export",
    "scorecards": "webapp.exports.work:scorecards",
    "record": "webapp.exports.work:record",
    "center-timetable": "webapp.assessments.center.work:timetable",
    "audit-verify": "webapp.trail.work:verify",
    "shortlist-draw-up": "webapp.shortlist.work:draw_up",
    "exam-papers": "webapp.assessments.exams.onpaper.work:papers",
    "exam-keys": "webapp.assessments.exams.onpaper.work:keys",
    "admission-letters": "webapp.admissions.work:letters",
}

NEEDS: dict[str, str] = {
    "import-check": "imports:file:upload",
    "import-apply": "imports:file:upload",
    "items-check": "assessments:item:change",
    "items-apply": "assessments:item:change",
    "items-export": "assessments:key:view",
    "scorecards": "exports:scorecards:make",
    "record": "records:record:export",
    "center-timetable": "assessments:center:change",
    "audit-verify": "trail:entry:list",
    "shortlist-draw-up": "shortlist:run:draw-up",
    "exam-papers": "assessments:exam:change",
    "exam-keys": "assessments:key:view",
    "admission-letters": "admissions:letter:make",
}
"""The right that a kind's outcome takes: who has lost it since asking does not get what was made."""

Report = Callable[[int, str], None]
"""``report(per cent, what it is doing now)``; said at most twice a second."""


@dataclass(frozen=True)
class Made:
    """What came of a job: a file to take away, facts to show, or a page to go on to."""

    file_name: str = ""
    content: bytes = b""
    facts: dict[str, Any] = field(default_factory=dict)
    go_to: str = ""
