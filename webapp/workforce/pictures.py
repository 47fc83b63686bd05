"""The forecast and its plans as pictures: plain figures in, a chart with its sentence out."""

from collections.abc import Sequence

from flask_babel import gettext as _

from webapp import charts
from webapp.charts import Group, Picture
from webapp.workforce.plans.rules import PlanYear
from webapp.workforce.words import fiscal


def leavers_and_bench(post: str, years: Sequence[tuple[int, int, int, int]]) -> Picture:
    """Seats open by the end of each year against those ready now who still serve, and those who can become ready.

    ``years`` are (fiscal year, open so far, ready now, ready later).
    """
    groups = [Group(fiscal(year), (open_, now, later)) for year, open_, now, later in years]
    last = years[-1]
    sentence = _(
        "ถึงสิ้นปีงบประมาณ %(year)s จะมีอัตราว่างสะสม %(open)s อัตรา ขณะที่ผู้ซึ่งเข้าเกณฑ์ครบแล้ววันนี้และยังรับราชการอยู่มี %(ready)s คน "
        "และผู้ที่จะพร้อมได้ภายใน 3 ปีหากได้รับการพัฒนามี %(later)s คน",
        year=fiscal(last[0]), open=last[1], ready=last[2], later=last[3],
    )  # fmt: skip
    series = (_("อัตราว่างสะสม"), _("พร้อมแล้ว"), _("พร้อมภายใน 3 ปี"))
    return charts.grouped_bars(
        groups, series, title=_("อัตราว่างเทียบกับผู้พร้อม: %(post)s", post=post), sentence=sentence,
        label_word=_("ปีงบประมาณ"),
    )  # fmt: skip


def gap_closing(name: str, years: Sequence[PlanYear]) -> Picture:
    """The gap of each year without the plan and with it."""
    groups = [Group(fiscal(year.fiscal_year), (year.gap_before, year.gap_after)) for year in years]
    last = years[-1]
    sentence = _(
        "สิ้นปีงบประมาณ %(year)s หากไม่มีแผนจะขาด %(before)s คน เมื่อดำเนินการตามแผนจะขาด %(after)s คน",
        year=fiscal(last.fiscal_year), before=last.gap_before, after=last.gap_after,
    )  # fmt: skip
    return charts.grouped_bars(
        groups, (_("ขาดหากไม่มีแผน"), _("ขาดเมื่อมีแผน")), title=_("ช่องว่างกำลังคน: %(name)s", name=name), sentence=sentence,
        label_word=_("ปีงบประมาณ"),
    )  # fmt: skip


def two_plans(names: tuple[str, str], rows: Sequence[tuple[int, int, int, int]]) -> Picture:
    """The gap without a plan, with one and with another; rows are (fiscal year, without, first, second)."""
    groups = [Group(fiscal(row[0]), row[1:]) for row in rows]
    last = rows[-1]
    sentence = _(
        "สิ้นปีงบประมาณ %(year)s ขาด %(none)s คนหากไม่มีแผน %(first)s คนตามแผนแรก และ %(second)s คนตามแผนที่สอง",
        year=fiscal(last[0]), none=last[1], first=last[2], second=last[3],
    )  # fmt: skip
    return charts.grouped_bars(
        groups, (_("ไม่มีแผน"), *names), title=_("เปรียบเทียบช่องว่างกำลังคน"), sentence=sentence, label_word=_("ปีงบประมาณ")
    )
