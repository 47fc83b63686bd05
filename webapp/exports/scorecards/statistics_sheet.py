"""How the marks of a cohort are spread: number, mean, deviation and quartiles of each component and of the composite.

Descriptive figures in floating point, rounded for reading; no rank is made from them.
"""

from xlsxwriter.worksheet import Worksheet

from webapp.exports.scorecards.layout import Looks, wide_enough, widths
from webapp.exports.scorecards.material import Material
from webapp.exports.scorecards.saying import _

FIRST = 4
DECIMALS = 2


def write_statistics(sheet: Worksheet, looks: Looks, material: Material) -> None:
    """One row a component on its own maximum, then the composite of the ranked."""
    import pandas  # slow to import, and only a workbook wants it

    marks = pandas.DataFrame(
        {
            component.code: [float(score) if (score := p.scores.get(component.code)) is not None else None for p in material.persons]
            for component in material.components
        },
        dtype="float64",
    )  # fmt: skip
    composites = pandas.Series([float(p.composite) for p in material.persons if p.rank is not None], dtype="float64")
    rows = [(c.name, marks[c.code].describe()) for c in material.components]
    rows.append((_("คะแนนรวมของผู้ได้จัดลำดับ"), composites.describe()))
    heads = (
        _("องค์ประกอบ"), _("จำนวนคน"), _("ค่าเฉลี่ย"), _("ส่วนเบี่ยงเบนมาตรฐาน"), _("ต่ำสุด"), _("ควอร์ไทล์ที่ 1"), _("มัธยฐาน"),
        _("ควอร์ไทล์ที่ 3"), _("สูงสุด"),
    )  # fmt: skip
    looks.text(sheet, 0, 0, _("การกระจายของคะแนน"), "title")
    looks.text(sheet, 1, 0, _("ใช้ดูภาพรวมเท่านั้น ลำดับคำนวณจากคะแนนที่แน่นอน"), "lead")
    for column, head in enumerate(heads):
        looks.text(sheet, FIRST - 1, column, head, "head" if not column else "head_right")
    for row, (name, figures) in enumerate(rows, start=FIRST):
        looks.text(sheet, row, 0, name, "plain")
        sheet.write_number(row, 1, int(figures["count"]), looks.whole)
        for column, key in enumerate(("mean", "std", "min", "25%", "50%", "75%", "max"), start=2):
            if not pandas.isna(figures[key]):
                sheet.write_number(row, column, round(float(figures[key]), DECIMALS), looks.points)
    widths(sheet, {0: wide_enough((name for name, _figures in rows), 30), **dict.fromkeys(range(1, len(heads)), 14)})
    sheet.freeze_panes(FIRST, 1)
