"""The forecast and a plan as documents on A4 for the committee."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from webapp import thai
from webapp.careers.words import in_language as named
from webapp.charts import Picture
from webapp.documents import render
from webapp.exports.records.paper import drawn
from webapp.exports.workforce.material import ForecastMaterial, PlanMaterial
from webapp.language import language
from webapp.workforce import pictures, words
from webapp.workforce.plans.queries import in_courses
from webapp.workforce.words import fiscal

TEMPLATE = "exports/documents/workforce.typ"


def forecast_paper(material: ForecastMaterial) -> bytes:
    """Every target post with its years and chart, the chain of the last year, other heads of units."""
    found = material.outlook
    parts = [_post(material, one.code) for one in found.targets]
    last = len(found.span) - 1
    if found.targets:
        parts.append(_chain(material, last))
    others = [
        [material.name(one.code), *(str(year.retiring) for year in found.forecasts[one.code].years)]
        for one in found.posts if one.rule is None
    ]  # fmt: skip
    heads = [_("ตำแหน่ง"), *(_("เกษียณ %(year)s", year=fiscal(year.number)) for year in found.span)]
    parts.append(_part(_("หัวหน้าหน่วยงานอื่น"), table=(heads, others, 1)))
    title = _("การเตรียมกำลังคน")
    return _set(material, title, [(_("ข้อมูล ณ วันที่"), thai.day_long(found.today))], parts,
                [words.NOT_FORECAST, words.BENCH_RULE, words.GAP_RULE])  # fmt: skip


def plan_paper(material: PlanMaterial) -> bytes:
    """A plan: why, which courses, and the gap closing year by year."""
    plan, years = material.plan, material.worked.years
    facts = [
        (_("ตำแหน่ง"), named(plan.post)), (_("ระยะ"), str(words.HORIZONS[plan.horizon])),
        (_("สถานะ"), str(words.PLAN_STATES[plan.status][0])), (_("ข้อมูล ณ วันที่"), thai.day_long(plan.as_of)),
        (_("ร่างโดย"), plan.drafted_by),
        (_("เห็นชอบโดย"), f"{plan.adopted_by} · {thai.moment(plan.adopted_at)}" if plan.adopted_by else _("ยังไม่มี")),
        *([(_("มติหรือเหตุผลที่เห็นชอบ"), plan.adopted_note)] if plan.adopted_note else []),
        (_("เหตุผลของแผน"), plan.reason),
    ]  # fmt: skip
    rows = [
        [fiscal(y.fiscal_year), *(thai.number(value) for value in (
            y.own, y.pulled, y.ready_now, y.gap_before, y.pool, y.places, y.passed, y.gap_after))]
        for y in years
    ]  # fmt: skip
    heads = [_("ปีงบประมาณ"), _("ว่างสะสม"), _("ว่างจากผลต่อเนื่อง"), _("พร้อมแล้ว"), _("ขาดหากไม่มีแผน"), _("แผนทำให้พร้อมได้"),
             _("ที่นั่ง"), _("ผ่านสะสม"), _("ขาดเมื่อมีแผน")]  # fmt: skip
    ran = material.worked.ran
    courses = [
        [named(row.course), thai.day(row.ends_on), str(row.cohorts), str(row.seats), f"{thai.number(row.pass_percent)} %",
         str(ran[row.id].passed), row.reason]
        for row in in_courses(plan.courses)
    ]  # fmt: skip
    course_heads = [_("หลักสูตร"), _("สิ้นสุด"), _("รุ่น"), _("ที่นั่งต่อรุ่น"), _("คาดว่าจะผ่าน"), _("คาดว่าผ่าน"), _("เหตุผล")]
    parts = [
        _part(_("หลักสูตรที่จะจัด"), table=(course_heads, courses, 2), text_last=True),
        _part(_("ช่องว่างรายปี"), table=(heads, rows, 1), picture=("gap", pictures.gap_closing(plan.name, years))),
    ]
    return _set(material, plan.name, facts, parts, [words.NOT_FORECAST])


def _post(material: ForecastMaterial, code: str) -> dict[str, Any]:
    found, forecast = material.outlook, material.outlook.forecasts[code]
    rows, shown = [], []
    for index, year in enumerate(forecast.years):
        ready, open_ = year.ready or (0, 0, 0, 0), found.open_by(code, index)
        figures = (year.retiring, year.vacancies, open_, *ready, found.gap(code, index) or 0)
        rows.append([fiscal(year.fiscal_year), *(thai.number(figure) for figure in figures)])
        shown.append((year.fiscal_year, open_, ready[0], sum(ready[1:])))
    heads = [_("ปีงบประมาณ"), _("เกษียณ"), _("ว่าง"), _("ว่างสะสม"), *map(str, words.READY_IN), _("ช่องว่าง")]
    seats = _("ยังไม่ได้กำหนดอัตรา") if forecast.seats is None else _("%(seats)s อัตรา", seats=forecast.seats)
    name = material.name(code)
    return _part(name, lead=seats, table=(heads, rows, 1), picture=(code, pictures.leavers_and_bench(name, shown)))


def _chain(material: ForecastMaterial, index: int) -> dict[str, Any]:
    chain = material.outlook.chain(index)
    rows = []
    for link in chain.links:
        said = ", ".join(
            f"{words.source_name(key, material.names, material.levels)} {count}" for key, count in link.filled.items() if count
        )  # fmt: skip
        known = link.ready_total is not None
        rows.append([
            material.name(link.post), str(link.own), str(sum(link.pulled.values())), str(link.open),
            str(link.taken) if known else "—", str(link.gap) if known else "—", said,
        ])  # fmt: skip
    heads = [_("ตำแหน่ง"), _("ว่างสะสม"), _("ว่างเพราะเลื่อนขึ้นไป"), _("รวมที่ต้องเติม"), _("เติมได้"), _("ยังว่าง"), _("มาจาก")]
    lead = _("เมื่อเติมอัตราที่ว่างถึงสิ้นปีงบประมาณ %(year)s ทั้งหมด จะเกิดการเลื่อน %(moves)s ครั้ง", year=fiscal(chain.fiscal_year),
             moves=chain.moves)  # fmt: skip
    return _part(_("ผลต่อเนื่อง"), lead=lead, table=(heads, rows, 1), text_last=True)


def _part(
    title: str, *, lead: str = "", table: tuple[Sequence[str], Sequence[Sequence[str]], int],
    picture: tuple[str, Picture] | None = None, text_last: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """A chapter: a table whose columns from ``figures`` on are numbers (but the last where it is text), and a picture."""
    heads, rows, figures = table
    last = len(heads) - (1 if text_last else 0)
    return {
        "title": title, "lead": lead, "headings": list(heads), "rows": [list(row) for row in rows],
        "right": list(range(figures, last)), "wide": [0, *([len(heads) - 1] if text_last else [])],
        "picture": None if picture is None else {"sentence": picture[1].sentence, **drawn(picture[0], picture[1])},
    }  # fmt: skip


def _set(material: Any, title: str, facts: Any, parts: Any, notes: Any) -> bytes:
    data = {
        "language": language(), "title": title, "header": _("การเตรียมกำลังคน"), "footer": material.foot,
        "facts": [list(pair) for pair in facts], "parts": parts, "notes": [str(note) for note in notes],
        "nothing": _("ยังไม่มี"),
    }  # fmt: skip
    return render(TEMPLATE, data, dated=material.made_at)
