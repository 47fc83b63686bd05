"""Times and incidents of exams in words, for the staff's pages."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _

from webapp import thai
from webapp.assessments.exams.models import Candidate, ExamIncident
from webapp.assessments.exams.words import INCIDENT_WORDS


def window(opens: dt.datetime, closes: dt.datetime) -> str:
    """From when to when; the day is said once where it is one."""
    one_day = opens.astimezone(thai.BANGKOK).date() == closes.astimezone(thai.BANGKOK).date()
    ends = thai.clock_time(closes) if one_day else thai.moment(closes)
    return f"{_whole(thai.moment(opens))} – {_whole(ends)}"


def _whole(words: str) -> str:
    """Not broken over two lines."""
    return words.replace(" ", "\N{NO-BREAK SPACE}")


def time_of(moment: dt.datetime, seconds: bool = False) -> str:
    """The time of day, with seconds where a page shows how fresh it is."""
    if not seconds:
        return thai.clock_time(moment)
    return f"{moment.astimezone(thai.BANGKOK):%H:%M:%S}"


def ago(moment: dt.datetime, now: dt.datetime) -> str:
    """How long ago, in whole minutes; the day and time where it is more than an hour."""
    minutes = int((now - moment).total_seconds()) // 60
    if minutes < 1:
        return str(_("ไม่ถึงหนึ่งนาที"))
    return str(_("%(minutes)s นาทีก่อน", minutes=minutes)) if minutes < 60 else thai.moment(moment)


def incident_lines(incidents: Iterable[tuple[ExamIncident, Candidate | None]]) -> list[dict[str, Any]]:
    """What was noted, as a history shows it."""
    return [
        {
            "when": thai.moment(one.noted_at), "title": INCIDENT_WORDS.get(one.kind, INCIDENT_WORDS["note"]),
            "who": " · ".join(part for part in (
                "" if candidate is None else str(_("เลขผู้สอบ %(number)s", number=candidate.number)), one.noted_by
            ) if part), "note": one.note,
        }
        for one, candidate in incidents
    ]  # fmt: skip
