"""How an officer's readiness reads, and what is suggested for each gap: the words of a plan's item, in both languages."""

import datetime as dt
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from webapp import charts, thai
from webapp.careers.criteria.advice import Rated
from webapp.careers.words import in_language
from webapp.plans.rules import USUAL_SHARE
from webapp.readiness import words
from webapp.readiness.explain import MET, Explained
from webapp.readiness.own import Distance, Own
from webapp.readiness.queries import Names

ACTION_OF = {
    "tenure": "rotation", "districts": "rotation", "sections": "rotation", "works": "project",
    "posting_and_works": "project", "course": "course", "qualification": "assessment", "competency": "assessment",
}  # fmt: skip
"""How a gap of each kind is usually closed; the officer chooses another way in the plan."""


def headline(one: Distance) -> str:
    """The distance to a post in a few words."""
    if one.holds:
        return _("ดำรงตำแหน่งนี้อยู่")
    if one.is_met:
        return _("เข้าเกณฑ์ครบทุกข้อแล้ว")
    if one.met_on is not None:
        return _("เข้าเกณฑ์ %(met)s จาก %(total)s ข้อ ที่เหลือครบได้เองใน %(day)s", met=one.met, total=one.total,
                 day=thai.day(dt.date.fromordinal(one.met_on)))  # fmt: skip
    return _(
        "เข้าเกณฑ์ %(met)s จาก %(total)s ข้อ ขาดอีก %(left)s ข้อ", met=one.met, total=one.total, left=one.total - one.met
    )


def summary(own: Own) -> str:
    """One line for the home page and the officer's page: the nearest post ahead, and the distance to it."""
    chosen = own.chosen("")
    if chosen is None:
        return ""
    if not own.aims:
        return _("ดำรงตำแหน่งเป้าหมายสูงสุดแล้ว") if own.held else ""
    return f"{in_language(chosen.post)}: {headline(chosen)}"


def what_to_do(item: Explained, one: Distance, names: Names) -> str:
    """The shortest way to meet a criterion, as something to do."""
    if item.node.kind == "competency" and item.waiting:
        return _("เข้ารับการประเมินสมรรถนะที่ยังไม่ได้ประเมิน %(count)s ด้าน", count=item.waiting)
    return words.way(item.ways[0], one.tree, names) if item.ways else words.name(item.node)


def action_of(item: Explained, one: Distance) -> str:
    """The kind of action that usually closes the gap."""
    leaf = one.tree.find(item.ways[0][0].criterion) if item.ways and item.ways[0] else None
    kind = ACTION_OF.get((leaf or item.node).kind, "other")
    return "coaching" if kind == "assessment" and item.node.kind == "competency" and not item.waiting else kind


def course_of(item: Explained) -> str:
    """The course a criterion asks for, if it asks for one."""
    return item.node.code or "" if item.node.kind == "course" else ""


# What goes into a plan ------------------------------------------------------------------------------------------------


def criterion_item(item: Explained, one: Distance, names: Names, language: str) -> dict[str, Any]:
    """A plan's item for an unmet criterion: gap, action and measure, as a beginning that the officer rewrites."""
    kind = action_of(item, one)

    def said() -> dict[str, str]:
        group = item.node.is_group
        return {
            "name": words.name(item.node),
            "current": words.state_words(item.state) if group else words.found_words(item),
            "expected": words.state_words(MET) if group else words.required_words(item),
        }

    with force_locale(language):
        action, measure = what_to_do(item, one, names), _("ผ่านเกณฑ์: %(name)s", name=words.name(item.node))
    return {
        "gap_kind": "criterion", "gap_code": item.node.id, "gap": _in_both(said), "action_kind": kind,
        "action": action, "share": USUAL_SHARE.get(kind), "measure": measure, "support": "",
    }  # fmt: skip


def competency_item(rated: Rated, names: Names, language: str) -> dict[str, Any]:
    """A plan's item for a competency below its expected level, or not assessed yet."""
    expected = rated.expected
    named = names.competencies.get(expected.competency)
    kind = "assessment" if rated.rating is None else "coaching"

    def said() -> dict[str, str]:
        return {
            "name": in_language(named) or expected.competency,
            "current": _("ยังไม่ได้ประเมิน") if rated.rating is None else _("ระดับ %(level)s", level=rated.rating),
            "expected": _("ระดับ %(level)s", level=expected.level),
        }

    with force_locale(language):
        if rated.rating is None:
            action = _("เข้ารับการประเมินสมรรถนะ%(name)s", name=said()["name"])
        else:
            action = _("ฝึกและรับการสอนงานด้าน%(name)s จากงานจริง", name=said()["name"])
        measure = _("ผลประเมินถึงระดับ %(level)s", level=expected.level)
    return {
        "gap_kind": "competency", "gap_code": expected.competency, "gap": _in_both(said), "action_kind": kind,
        "action": action, "share": USUAL_SHARE.get(kind), "measure": measure, "support": "",
    }  # fmt: skip


def _in_both(said: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for language in ("th", "en"):
        with force_locale(language):
            found |= {f"{key}_{language}": value for key, value in said().items()}
    return found


# Pictures and days ahead ----------------------------------------------------------------------------------------------


def radar(one: Distance, names: Names) -> charts.Picture | None:
    """The competencies of the post's profile: the latest ratings against the expected levels."""
    axes = [
        charts.Axis(in_language(names.competencies.get(row.expected.competency)) or row.expected.competency, row.rating,
                    row.expected.level)
        for row in one.rated
    ]  # fmt: skip
    if len(axes) < 3:
        return None
    reached, rated = sum(row.reached for row in one.rated), sum(row.rating is not None for row in one.rated)
    sentence = _("ถึงระดับที่คาดหวังของ%(post)s %(reached)s จาก %(count)s สมรรถนะ ประเมินแล้ว %(rated)s",
                 post=in_language(one.post), reached=reached, count=len(axes), rated=rated)  # fmt: skip
    return charts.radar(axes, title=_("สมรรถนะเทียบกับระดับที่คาดหวัง"), sentence=sentence)


def days_ahead(one: Distance, due: list[tuple[dt.date, str]], retires: dt.date) -> list[tuple[dt.date, str]]:
    """What lies ahead on the way to a post: criteria that time alone will meet, days of the plan, retirement."""
    found = [
        (dt.date.fromordinal(item.met_on), _("เข้าเกณฑ์: %(name)s", name=words.name(item.node)))
        for item in one.by_time if item.met_on is not None
    ]  # fmt: skip
    found += [(day, _("ตามแผน: %(action)s", action=action)) for day, action in due]
    return sorted([*found, (retires, _("เกษียณอายุราชการ"))], key=lambda row: row[0])
