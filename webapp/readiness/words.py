"""How criteria, figures and what is missing read."""

from fractions import Fraction

from flask_babel import gettext as _

from webapp import thai
from webapp.careers.criteria.tree import DAYS_PER_YEAR, UNIT, Node, written
from webapp.careers.words import told


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


def number_label(node: Node) -> str:
    """What the number of a criterion counts, for its field and its curve."""
    unit = {
        "tenure": _("ปี"), "sections": _("ฝ่าย"), "districts": _("สำนักงานเขต"), "works": _("ผลงาน"),
        "posting_and_works": _("ผลงาน"),
    }  # fmt: skip
    return unit.get(node.kind, _("ข้อ"))


def number_of(node: Node) -> str:
    """The number of a criterion with its unit."""
    value = str(node.k if node.kind == "at_least" else written(node.amount))
    return f"{value} {number_label(node)}"


def signed(value: int | Fraction) -> str:
    """A difference with its sign."""
    if not value:
        return "0"
    return f"{'+' if value > 0 else '−'}{thai.number(abs(int(value)))}"
