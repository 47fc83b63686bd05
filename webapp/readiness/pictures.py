"""The figures of a feasibility question as pictures, each with a sentence that says what it shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from webapp import thai
from webapp.careers.words import in_language
from webapp.charts import Criterion, Picture, Point, curve, funnel
from webapp.readiness.words import unit_of


def funnel_of(figures: dict[str, Any]) -> Picture:
    """How many are left after each criterion."""
    steps = [Criterion(_("พิจารณาทั้งหมด"), figures["evaluated"])]
    steps += [Criterion(f"{n}. {in_language(one)}", one["left"]) for n, one in enumerate(figures["stages"], 1)]
    hardest = max(figures["stages"], key=lambda one: one["sole_blocker"])
    sentence = _(
        "จาก %(all)s คน เหลือ %(left)s คนที่ผ่านครบทุกข้อ",
        all=thai.number(figures["evaluated"]),
        left=thai.number(figures["passing"]),
    )
    if hardest["sole_blocker"]:
        sentence += " " + _(
            "ข้อที่ตัดคนออกมากที่สุดโดยลำพังคือ “%(name)s” (%(count)s คนผ่านข้ออื่นครบแล้ว)",
            name=in_language(hardest),
            count=thai.number(hardest["sole_blocker"]),
        )
    return funnel(steps, title=_("กรวยของเกณฑ์"), sentence=sentence)


@dataclass(frozen=True, slots=True)
class CurveShown:
    """A curve with its id on the page."""

    id: str
    picture: Picture
    is_flat: bool
    """Whether no value of the number, alone, changes how many pass."""


def curves_of(figures: dict[str, Any]) -> list[CurveShown]:
    """A curve for every number that can be changed."""
    return [
        CurveShown(f"curve-{one['id']}", _curve(one), len({pool for _value, pool in one["points"]}) == 1)
        for one in figures["curves"]
    ]


def _curve(one: dict[str, Any]) -> Picture:
    points = [Point(float(value), pool, value, thai.number(pool)) for value, pool in one["points"]]
    here = next(point for point in points if point.x_shown == one["now"])
    lower = [point for point in points if point.x < here.x]
    sentence = _(
        "ตัวเลข %(now)s %(unit)s มีผู้ผ่านครบ %(pool)s คน", now=one["now"], unit=unit_of(one["kind"]), pool=here.y_shown
    )
    if lower:
        sentence += " " + _("ถ้าลดเหลือ %(value)s จะเป็น %(pool)s คน", value=lower[-1].x_shown, pool=lower[-1].y_shown)
    return curve(points, title=in_language(one), sentence=sentence, x_word=unit_of(one["kind"]), y_word=_("ผ่านครบ (คน)"),
                 here=here)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """One pair of values: how many pass, its shade from 0 (nobody) to 4, whether it is the pair in force."""

    pool: str
    level: int
    here: bool


@dataclass(frozen=True, slots=True)
class Heat:
    """Two numbers varied together, as a table."""

    title: str
    sentence: str
    corner: str
    heads: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]


def heat_of(figures: dict[str, Any]) -> Heat | None:
    """The pool for every pair of values of two numbers."""
    grid = figures["grid"]
    if grid is None:
        return None
    first, second = grid["first"], grid["second"]
    most = max((pool for row in grid["pools"] for pool in row), default=0)
    rows = [
        (value, [_cell(pool, most, value == first["now"] and column == second["now"])
                 for column, pool in zip(grid["columns"], pools, strict=True)])
        for value, pools in zip(grid["rows"], grid["pools"], strict=True)
    ]  # fmt: skip
    return Heat(
        title=_("สองเกณฑ์พร้อมกัน"),
        sentence=_("แถวคือ “%(first)s” คอลัมน์คือ “%(second)s” ตัวเลขในช่องคือจำนวนผู้ผ่านครบทุกเกณฑ์",
                   first=in_language(first), second=in_language(second)),
        corner=f"{unit_of(first['kind'])} \\ {unit_of(second['kind'])}", heads=grid["columns"], rows=rows,
    )  # fmt: skip


def _cell(pool: int, most: int, here: bool) -> Cell:
    share = pool / most if most else 0
    return Cell(thai.number(pool), sum((share > 0, share >= 0.25, share >= 0.5, share >= 0.75)) if pool else 0, here)
