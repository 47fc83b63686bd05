"""The pictures of a development record: service through the years, competencies against what a post expects."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from webapp import charts, thai
from webapp.careers.models import Competency
from webapp.language import language
from webapp.records.record import DevelopmentRecord, Name


def words(name: Name | None) -> str:
    """A name in the reader's language."""
    if name is None:
        return ""
    return (name.name_en or name.name_th) if language() == "en" else name.name_th


def service(record: DevelopmentRecord, today: dt.date) -> charts.Picture | None:
    """Postings, acting postings, delegations and courses of the officer's own time, in lanes."""
    held = [p for p in record.postings if p.started_on <= today]
    lanes = [
        (_("ตำแหน่ง"), [_spell(words(p.post), p.started_on, p.ended_on) for p in held if not p.acting]),
        (_("รักษาการ"), [_spell(words(p.post), p.started_on, p.ended_on, "acting") for p in held if p.acting]),
        (_("การมอบหมาย"), _charges(record, today)),
        (_("การอบรม"), [_spell(words(c.title), c.starts_on, c.ends_on, "training") for c in record.cohorts
                        if c.status in ("enrolled", "completed") and c.starts_on <= today]),
    ]  # fmt: skip
    shown = [charts.Lane(label, tuple(sorted(spells, key=lambda s: s.since))) for label, spells in lanes if spells]
    if not shown:
        return None
    sentence = _("เข้ารับราชการ %(entry)s ครบเกษียณ %(retires)s", entry=thai.day(record.person.entry_date),
                 retires=thai.day(record.person.retires_on))  # fmt: skip
    return charts.timeline(shown, title=_("ประวัติการรับราชการ"), sentence=sentence, today=today,
                           year_shift=0 if language() == "en" else thai.BUDDHIST_OFFSET)  # fmt: skip


def _charges(record: DevelopmentRecord, today: dt.date) -> list[charts.Spell]:
    """Sections in charge, those of one period as one spell with their number: their names stand in the table below."""
    together = Counter((d.started_on, d.ended_on) for d in record.delegations if d.started_on <= today)
    return [
        _spell(_("%(count)s ฝ่าย", count=count), since, until, "delegation")
        for (since, until), count in together.items()
    ]


def _spell(label: str, since: dt.date, until: dt.date | None, kind: str = "") -> charts.Spell:
    ends = thai.day(until) if until is not None else _("ปัจจุบัน")
    return charts.Spell(label, since, until, f"{thai.day(since)} – {ends}", kind)


def competencies(
    record: DevelopmentRecord,
    expected: Sequence[dict[str, Any]],
    known: dict[str, Competency],
    post: str,
    today: dt.date,
) -> charts.Picture | None:
    """The latest rating of each competency of a profile against its expected level, as a radar."""
    latest = record.latest_ratings(today)
    axes = []
    for row in expected:
        competency = known.get(row["competency"])
        label = (
            row["competency"]
            if competency is None
            else words(Name(competency.code, competency.name_th, competency.name_en))
        )
        rating = latest.get(row["competency"])
        axes.append(charts.Axis(label, None if rating is None else rating.rating, row.get("expected_level")))
    if len(axes) < 3:
        return None
    reached = sum(axis.value is not None and not axis.short for axis in axes)
    rated = sum(axis.value is not None for axis in axes)
    sentence = _("ถึงระดับที่คาดหวังของ%(post)s %(reached)s จาก %(count)s สมรรถนะ ประเมินแล้ว %(rated)s", post=post,
                 reached=reached, count=len(axes), rated=rated)  # fmt: skip
    return charts.radar(axes, title=_("สมรรถนะเทียบกับระดับที่คาดหวัง"), sentence=sentence)
