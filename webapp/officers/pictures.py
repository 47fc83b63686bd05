"""An officer's career as lanes against the years."""

import datetime as dt
from collections.abc import Sequence

from flask_babel import gettext as _

from webapp import thai
from webapp.careers.words import in_language as named
from webapp.charts import Lane, Picture, Spell, timeline
from webapp.language import language
from webapp.officers.models import Delegation, Posting, TrainingRecord


def dates(started: dt.date, ended: dt.date | None) -> str:
    """A spell in words; one that goes on says so."""
    if ended is None:
        return _("%(first)s ถึงปัจจุบัน", first=thai.day(started))
    return _("%(first)s ถึง %(last)s", first=thai.day(started), last=thai.day(ended))


def career(
    officer_name: str, postings: Sequence[Posting], delegations: Sequence[Delegation], training: Sequence[TrainingRecord],
    today: dt.date,
) -> Picture | None:  # fmt: skip
    """The standing facts as lanes; none where there is no posting."""
    posts = [row for row in postings if row.voided_at is None]
    if not posts:
        return None
    held = sorted((row for row in posts if not row.acting), key=lambda row: row.started_on)
    acted = sorted((row for row in posts if row.acting), key=lambda row: row.started_on)
    charge = sorted((row for row in delegations if row.voided_at is None), key=lambda row: row.started_on)
    courses = sorted((row for row in training if row.voided_at is None), key=lambda row: row.completed_on)
    lanes = [
        Lane(_("ดำรงตำแหน่ง"), tuple(_spell(row, "") for row in held)),
        Lane(_("รักษาการ"), tuple(_spell(row, "acting") for row in acted)),
        *(Lane(named(row.section), (_charge(row),)) for row in charge[:10]),
        Lane(_("ฝึกอบรม"), tuple(
            Spell(named(row.course), row.completed_on, row.completed_on, thai.day(row.completed_on), "training") for row in courses
        )),
    ]  # fmt: skip
    lanes = [lane for lane in lanes if lane.spells]
    sections = len({row.section_code for row in charge})
    sentence = _(
        "ดำรงตำแหน่ง %(posts)s ช่วง รับผิดชอบ %(sections)s ฝ่าย และผ่านการฝึกอบรม %(courses)s หลักสูตร",
        posts=len(held), sections=sections, courses=sum(1 for row in courses if row.result == "passed"),
    )  # fmt: skip
    shift = 0 if language() == "en" else 543
    return timeline(
        lanes,
        title=_("เส้นทางรับราชการของ %(name)s", name=officer_name),
        sentence=sentence,
        today=today,
        year_shift=shift,
    )


def _spell(row: Posting, kind: str) -> Spell:
    label = f"{named(row.post)} · {named(row.unit)}"
    return Spell(label, row.started_on, row.ended_on, dates(row.started_on, row.ended_on), kind)


def _charge(row: Delegation) -> Spell:
    return Spell(named(row.unit), row.started_on, row.ended_on, dates(row.started_on, row.ended_on), "delegation")
