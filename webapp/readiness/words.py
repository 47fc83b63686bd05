"""How criteria, figures and what is missing read."""

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction

from flask_babel import gettext as _

from webapp import thai
from webapp.careers.criteria.advice import Step, Way
from webapp.careers.criteria.evaluation import Evaluation
from webapp.careers.criteria.tree import DAYS_PER_YEAR, UNIT, Match, Node, written
from webapp.careers.words import UNIT_KINDS, in_language, told
from webapp.readiness.explain import MET, NOT_ASSESSED, UNKNOWN, Explained
from webapp.readiness.models import Scenario
from webapp.readiness.queries import Names


def name(node: Node) -> str:
    """A criterion's name in the reader's language; its code where nobody named it."""
    return told(dict(node.texts), "name") or node.id


def figure(node: Node, value: int) -> str:
    """A figure found or required of a criterion, with its unit."""
    return amount(UNIT[node.kind], value)


def amount(unit: str, value: int) -> str:
    """So many of a unit; days of the 360-day count as years, months and days."""
    if unit == "days360":
        return span(value)
    if value == 1:
        return ONE.get(unit, lambda: _("1 ข้อ"))()
    number = thai.number(value)
    return {
        "sections": _("%(number)s ฝ่าย", number=number),
        "districts": _("%(number)s สำนักงานเขต", number=number),
        "works": _("%(number)s ผลงาน", number=number),
        "qualifications": _("%(number)s คุณสมบัติ", number=number),
        "courses": _("%(number)s หลักสูตร", number=number),
        "competencies": _("%(number)s สมรรถนะ", number=number),
    }.get(unit, _("%(number)s ข้อ", number=number))


ONE = {
    "sections": lambda: _("1 ฝ่าย"),
    "districts": lambda: _("1 สำนักงานเขต"),
    "works": lambda: _("1 ผลงาน"),
    "qualifications": lambda: _("1 คุณสมบัติ"),
    "courses": lambda: _("1 หลักสูตร"),
    "competencies": lambda: _("1 สมรรถนะ"),
}
"""English tells one from many."""


def on_day(ordinal: int) -> dt.date:
    """A day ordinal as the day it is."""
    return dt.date.fromordinal(ordinal)


def span(days: int) -> str:
    """Days of the 360-day count as years, months and days."""
    years, rest = divmod(int(days), DAYS_PER_YEAR)
    months, left = divmod(rest, 30)
    parts = []
    if years:
        parts.append(_("1 ปี") if years == 1 else _("%(count)s ปี", count=thai.number(years)))
    if months:
        parts.append(_("1 เดือน") if months == 1 else _("%(count)s เดือน", count=thai.number(months)))
    if left or not parts:
        parts.append(_("1 วัน") if left == 1 else _("%(count)s วัน", count=thai.number(left)))
    return " ".join(parts)


# What is missing ------------------------------------------------------------------------------------------------------


def posting(match: Match | None, names: Names) -> str:
    """What a posting must be, in words: the post, or the position type and level, and the kind of unit."""
    if match is None:
        return ""
    if match.post:
        found = names.posts.get(match.post)
        what = in_language(found) if found is not None else match.post
    else:
        what = in_language(names.levels.get((match.position_type, match.level)))
    if match.unit_kind:
        kind = str(UNIT_KINDS.get(match.unit_kind, match.unit_kind))
        what = _("%(what)s ใน%(kind)s", what=what, kind=kind)
    return what


def step(one: Step, tree: Node, names: Names) -> str:
    """One step of a way: what to add."""
    node = tree.find(one.criterion)
    assert node is not None
    what = posting(node.match, names)
    match node.kind:
        case "tenure":
            return _tenure_step(one, node, what)
        case "sections":
            return _("รับผิดชอบอีก %(amount)s", amount=amount("sections", int(one.amount)))
        case "districts":
            return _("ดำรงตำแหน่ง%(what)sในอีก %(amount)s", what=what, amount=amount("districts", int(one.amount)))
        case "works":
            return _("ผลงานเชิงประจักษ์อีก %(amount)s", amount=amount("works", int(one.amount)))
        case "posting_and_works":
            return _both(one, what)
        case "qualification":
            return _("คุณสมบัติ “%(name)s”", name=in_language(names.qualifications.get(node.code)) or name(node))
        case "course":
            return _("ผ่าน%(name)s", name=in_language(names.courses.get(node.code)) or name(node))
    return _("ผลประเมินถึงระดับที่คาดหวังอีก %(amount)s", amount=amount("competencies", int(one.amount)))


def _tenure_step(one: Step, node: Node, what: str) -> str:
    days = int(one.amount * DAYS_PER_YEAR)
    if days == 0:
        return _("ดำรงตำแหน่ง%(what)sอยู่ในวันที่พิจารณา", what=what)
    if node.amount == 0:
        return _("ดำรงตำแหน่ง%(what)s", what=what)
    return _("ดำรงตำแหน่ง%(what)sอีก %(span)s", what=what, span=span(days))


def _both(one: Step, what: str) -> str:
    works = _("ผลงานเชิงประจักษ์อีก %(amount)s", amount=amount("works", int(one.amount)))
    if not one.holding:
        return works
    held = _("ดำรงตำแหน่ง%(what)s", what=what)
    return held if one.amount == 0 else _("%(first)s และ%(second)s", first=held, second=works)


def way(steps: Way, tree: Node, names: Names) -> str:
    """All steps of a way."""
    return _(" และ ").join(step(one, tree, names) for one in steps)


MOST_WAYS = 3
"""Ways named in one sentence; all of them stand with the criterion itself."""


def sentence(lacking: Sequence[tuple[Node, Sequence[Way]]], tree: Node, names: Names) -> str:
    """The counterfactual in one sentence: what would be needed, each unmet criterion with its ways."""
    parts = []
    for _node, ways in lacking:
        told_ways = [way(steps, tree, names) for steps in ways[:MOST_WAYS]]
        text = _(" หรือ ").join(told_ways)
        parts.append(f"({text})" if len(told_ways) > 1 and len(lacking) > 1 else text)
    return _("ต้องมี: %(what)s", what="; ".join(parts)) if parts else ""


# Numbers --------------------------------------------------------------------------------------------------------------


def number_label(node: Node) -> str:
    """What the number of a criterion counts, for its field and its curve."""
    return unit_of(node.kind)


def unit_of(kind: str) -> str:
    """What the number of a kind of criterion counts, in the plural."""
    unit = {
        "tenure": _("%(count)s ปี", count=""), "sections": _("%(number)s ฝ่าย", number=""),
        "districts": _("%(number)s สำนักงานเขต", number=""), "works": _("%(number)s ผลงาน", number=""),
        "posting_and_works": _("%(number)s ผลงาน", number=""),
    }  # fmt: skip
    return unit.get(kind, _("%(number)s ข้อ", number="")).strip()


def number_of(node: Node) -> str:
    """The number of a criterion with its unit."""
    value = str(node.k if node.kind == "at_least" else written(node.amount))
    return f"{value} {number_label(node)}"


def signed(value: int | Fraction) -> str:
    """A difference with its sign."""
    if not value:
        return "0"
    return f"{'+' if value > 0 else '−'}{thai.number(abs(int(value)))}"


# Results --------------------------------------------------------------------------------------------------------------


def state_words(state: str) -> str:
    """A criterion's state in words."""
    return {
        MET: _("ผ่านเกณฑ์"),
        NOT_ASSESSED: _("ยังไม่ได้ประเมิน"),
        UNKNOWN: _("ข้อมูลขัดกัน"),
    }.get(state, _("ยังไม่ผ่านเกณฑ์"))


def state_tag(state: str) -> str:
    """The kind of tag that shows a state."""
    return {MET: "good", NOT_ASSESSED: "wait", UNKNOWN: "bad"}.get(state, "plain")


def found(node: Node, evaluation: Evaluation, row: int) -> str:
    """What was found of what is required, short: "5 of 7 sections"; tenure as it stands."""
    verdict = evaluation.verdicts[node.id]
    return of_required(node, int(verdict.found()[row]), verdict.required)


def of_required(node: Node, figure_found: int, required: int) -> str:
    """A figure found beside the one required, short."""
    if node.kind == "tenure":
        return span(figure_found)
    if node.kind == "any":
        return figure(node, figure_found)
    if node.kind in ("qualification", "course"):
        return _("มี") if figure_found else _("ยังไม่มี")
    return _("%(found)s จาก %(required)s", found=thai.number(figure_found), required=figure(node, required))


def group(node: Node) -> str:
    """How many of a group's criteria are needed."""
    if node.kind == "any":
        return _("เข้าข้อใดข้อหนึ่งต่อไปนี้")
    if node.kind == "at_least":
        return _("อย่างน้อย %(count)s ข้อจากต่อไปนี้", count=node.k)
    return _("ครบทุกข้อต่อไปนี้")


def reason(node: Node) -> str:
    """Why a criterion exists, in the reader's language."""
    return told(dict(node.texts), "reason")


def found_words(item: Explained) -> str:
    """What was found for a criterion, on the page of one officer."""
    if item.node.kind in ("qualification", "course"):
        return _("มีแล้ว") if item.found else _("ยังไม่มี")
    if not item.found:
        return _("ยังไม่มี")
    return figure(item.node, item.found)


def required_words(item: Explained) -> str:
    """What a criterion asks for."""
    node = item.node
    if node.kind in ("qualification", "course"):
        return _("ต้องมี")
    if node.kind == "tenure" and not node.amount:
        return _("เคยดำรงตำแหน่ง")
    return _("อย่างน้อย %(amount)s", amount=figure(node, item.required))


def ways(found_ways: Sequence[Way], tree: Node, names: Names) -> str:
    """All ways to meet a criterion."""
    return _(" หรือ ").join(way(steps, tree, names) for steps in found_ways)


# Feasibility ----------------------------------------------------------------------------------------------------------


def per(people: int, seats: int) -> str:
    """People per seat, to one decimal, half up."""
    tenths = (people * 20 + seats) // (seats * 2)
    return f"{thai.number(tenths // 10)}.{tenths % 10}"


def group_titles() -> list[tuple[str, str]]:
    """By what people are grouped, and its heading."""
    return [("unit", _("ประเภทหน่วยงาน")), ("sex", _("เพศ")), ("age", _("ช่วงอายุ"))]


def group_name(by: str, key: str) -> str:
    """A group's name."""
    if by == "unit":
        return str(UNIT_KINDS.get(key) or _("ไม่มีตำแหน่งในวันนั้น"))
    names = {
        "f": _("หญิง"), "m": _("ชาย"), "unknown": _("ไม่ได้บันทึกเพศ"), "under-40": _("ต่ำกว่า 40 ปี"),
        "40-44": _("40-44 ปี"), "45-49": _("45-49 ปี"), "50-54": _("50-54 ปี"), "55-60": _("55 ปีขึ้นไป"),
    }  # fmt: skip
    return names[key]


def stages_of(saved: Sequence[Scenario]) -> list[tuple[str, str]]:
    """The criteria of some scenarios, each once, in their order: id and name."""
    return list({one["id"]: in_language(one) for each in saved for one in each.figures["stages"]}.items())


def numbers_of(saved: Sequence[Scenario]) -> list[tuple[str, str]]:
    """The numbers of some scenarios, each once, in their order: id and name."""
    return list({one["id"]: in_language(one) for each in saved for one in each.figures["numbers"]}.items())
