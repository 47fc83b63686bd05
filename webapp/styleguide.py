"""Every part of the look on one page, with invented people: for those who build pages, in development only."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask import Blueprint, flash, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, EmailField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from webapp import charts
from webapp.accounts.access import public
from webapp.fields import PointsField, ReasonField, Required, ThaiDateField
from webapp.tables import Column, Filter, read_table

blueprint = Blueprint("styleguide", __name__)

PEOPLE = (
    ("นายกฤตภาส วัฒนไพบูลย์", "บางกะปิ", "88.42", 96, "good"),
    ("นางสาวชุติมา ศรีสุวรรณ", "จตุจักร", "87.10", 91, "good"),
    ("นางปิยนุช อินทรประเสริฐ", "ธนบุรี", "85.75", 94, "good"),
    ("นายวรวุฒิ แก้วมณี", "บางขุนเทียน", "84.90", 88, "act"),
    ("นางสาวเบญจมาศ ทองอินทร์", "ป้อมปราบศัตรูพ่าย", "83.33", 100, "good"),
    ("นายเอกชัย จันทร์กระจ่าง", "ลาดกระบัง", "82.08", 85, "wait"),
    ("นายธนพล รุ่งเรืองศักดิ์", "หนองจอก", "79.64", 81, "wait"),
    ("นางสุพรรณี เจริญผล", "ภาษีเจริญ", "76.25", 72, "bad"),
)
STATES = {"good": _l("ผ่านครบทุกเกณฑ์"), "act": _l("รอตัดสิน"), "wait": _l("กำลังดำเนินการ"), "bad": _l("ชั่วโมงไม่ครบ")}
COLUMNS = (
    Column("name", _l("ชื่อ"), sortable=True, always=True),
    Column("district", _l("สำนักงานเขต"), sortable=True),
    Column("composite", _l("คะแนนรวม"), sortable=True, numeric=True),
    Column("attendance", _l("เข้าเรียน (ร้อยละ)"), sortable=True, numeric=True),
    Column("coaching", _l("ชั่วโมงสอนงาน"), numeric=True, shown=False),
    Column("status", _l("สถานะ")),
)
COMPETENCIES = (
    (_l("คุณธรรมและจริยธรรม"), 4), (_l("การบริการที่ดี"), 5), (_l("การมุ่งผลสัมฤทธิ์"), 4), (_l("การทำงานเป็นทีม"), 4),
    (_l("การสั่งสมความเชี่ยวชาญในงานอาชีพ"), 3), (_l("สภาวะผู้นำ"), 4), (_l("การบริหารการเปลี่ยนแปลง"), 3),
    (_l("การมองภาพรวมเชิงกลยุทธ์"), 4), (_l("การบริหารเพื่อมุ่งผลสัมฤทธิ์"), 5), (_l("ความคิดสร้างสรรค์"), 4),
    (_l("การประสานความร่วมมือ"), 5),
)  # fmt: skip


class SampleForm(FlaskForm):
    """One field of every kind."""

    topic = StringField(_l("เรื่องที่สอนงาน"), [Required()])
    email = EmailField(_l("อีเมลสำหรับแจ้งเตือน"), description=_l("ใช้แจ้งกำหนดส่งเท่านั้น"))
    held_on = ThaiDateField(_l("วันที่สอนงาน"), [Required()])
    hours = PointsField(_l("เวลาที่ใช้"), [Required()], maximum=Decimal(8))
    kind = RadioField(_l("ลักษณะการสอนงาน"), choices=[("coaching", _l("การสอนงาน")), ("mentoring", _l("การให้คำปรึกษา"))])
    section = SelectField(
        _l("ฝ่าย"), choices=[("", _l("เลือกฝ่าย")), ("works", _l("ฝ่ายโยธา")), ("revenue", _l("ฝ่ายรายได้"))]
    )
    agreed = TextAreaField(_l("สิ่งที่ตกลงกัน"), [Length(max=1000)])
    reason = ReasonField()
    file = FileField(_l("เอกสารประกอบ"), description=_l("ชนิดไฟล์ PDF ไม่เกิน 10 MB"))
    shared = BooleanField(_l("ให้ผู้เข้ารับการอบรมเห็นบันทึกนี้"), default=True)


@blueprint.route("/styleguide", methods=["GET", "POST"])
@public
def page() -> Any:
    form = SampleForm(held_on=dt.date(2026, 10, 1), hours=Decimal("1.5"), kind="coaching")
    if form.validate_on_submit():
        flash(_("บันทึกการสอนงานแล้ว"), "good")
    filters = (Filter("status", _l("สถานะ"), tuple(STATES.items())),)
    table = read_table(COLUMNS, request.args, path="/styleguide", sort="composite", descending=True, filters=filters)
    return render_template(
        "styleguide/page.html", form=form, table=table.counted(412), people=PEOPLE, states=STATES,
        attendance=[{"id": n, "label": person[0], "note": person[1], "present": n != 3, "hours": "0" if n == 3 else "3",
                     "error": _("ต้องไม่เกิน %(number)s", number=3) if n == 4 else ""}
                    for n, person in enumerate(PEOPLE[:6])],
        spark=charts.sparkline([61, 64, 63, 70, 74, 79, 83]), **_pictures(),
    )  # fmt: skip


@blueprint.get("/styleguide/<int:status>")
@public
def error_page(status: int) -> Any:
    return render_template(f"errors/{status}.html", status=status, message="", number="3fa91c02")


def _pictures() -> dict[str, Any]:
    return {"radar": _radar(), "ranking": _ranking(), "stacked": _stacked(), "grouped": _grouped(), "funnel": _funnel(),
            "curve": _curve(), "service": _service(), "paths": _paths(), "heat": _heat()}  # fmt: skip


def _radar() -> charts.Picture:
    axes = [charts.Axis(str(name), value, 4) for name, value in COMPETENCIES]
    return charts.radar(axes, title=_("สมรรถนะเทียบกับระดับที่คาดหวัง"),
                        sentence=_("ถึงระดับที่คาดหวังของผู้อำนวยการเขต 9 จาก 11 สมรรถนะ"))  # fmt: skip


def _ranking() -> charts.Picture:
    bars = [charts.Bar(name, float(score), score, str(place), float(score) - 2, float(score) + 2)
            for place, (name, _district, score, _share, _state) in enumerate(PEOPLE, 1)]  # fmt: skip
    return charts.ranked_bars(bars, title=_("คะแนนรวมของรุ่น"),
                              sentence=_("เส้นประคือเส้นแบ่งหลังลำดับที่ห้า ขีดบนแท่งคือช่วงที่เป็นไปได้เมื่อเปลี่ยนกรรมการหนึ่งคน"))  # fmt: skip


def _stacked() -> charts.Picture:
    parts = ((24.5, 21.75, 26.0, 16.17), (25.25, 20.6, 24.1, 17.15), (22.0, 23.5, 25.25, 15.0))
    groups = [
        charts.Group(PEOPLE[place][0], values, tuple(f"{value:.2f}" for value in values), PEOPLE[place][2])
        for place, values in enumerate(parts)
    ]
    series = [_("ข้อสอบ"), _("ข้อเสนอ"), _("โครงการ"), _("การสอนงาน")]
    return charts.stacked_bars(groups, series, title=_("ที่มาของคะแนนรวม"), maximum=100, label_word=_("ชื่อ"),
                               sentence=_("แต่ละส่วนคือคะแนนหลังคิดน้ำหนักแล้ว รวมกันเป็นคะแนนรวม"))  # fmt: skip


def _grouped() -> charts.Picture:
    figures = ((2569, 9, 14), (2570, 12, 13), (2571, 8, 15), (2572, 15, 11), (2573, 11, 9))
    groups = [charts.Group(str(year), (gone, ready)) for year, gone, ready in figures]
    return charts.grouped_bars(groups, [_("ผู้เกษียณ"), _("ผู้พร้อมดำรงตำแหน่ง")], label_word=_("ปีงบประมาณ"),
                               title=_("ผู้เกษียณเทียบกับผู้พร้อมดำรงตำแหน่ง"),
                               sentence=_("ตั้งแต่ปีงบประมาณ 2572 ผู้พร้อมมีน้อยกว่าผู้เกษียณ"))  # fmt: skip


def _funnel() -> charts.Picture:
    steps = ((_("ข้าราชการอำนวยการระดับต้น"), 412), (_("เป็นผู้ช่วยผู้อำนวยการเขตครบ 2 ปี"), 187),
             (_("เคยได้รับมอบหมายอย่างน้อย 7 ฝ่าย"), 96), (_("ผ่านหลักสูตรผู้อำนวยการเขต"), 58),
             (_("ผ่านการประเมินสมรรถนะ"), 51))  # fmt: skip
    return charts.funnel([charts.Criterion(*step) for step in steps], title=_("ผู้มีคุณสมบัติหลังแต่ละเกณฑ์"),
                         sentence=_("เหลือ 51 คนจาก 412 คน เกณฑ์จำนวนปีตัดออกมากที่สุด"))  # fmt: skip


def _curve() -> charts.Picture:
    counts = (142, 128, 117, 96, 71, 44, 21)
    points = [charts.Point(at, count, str(at), str(count)) for at, count in enumerate(counts, 4)]
    return charts.curve(points, title=_("จำนวนผู้มีคุณสมบัติตามจำนวนฝ่ายที่กำหนด"), here=points[3],
                        sentence=_("หากลดจาก 7 เป็น 6 ฝ่าย จะมีผู้มีคุณสมบัติเพิ่ม 21 คน"),
                        x_word=_("จำนวนฝ่ายที่เคยได้รับมอบหมาย"), y_word=_("คน"))  # fmt: skip


def _service() -> charts.Picture:
    def spell(label: str, since: int, until: int | None, kind: str = "") -> charts.Spell:
        end = dt.date(until, 10, 1) if until else None
        return charts.Spell(label, dt.date(since, 10, 1), end, f"{since + 543}–{until + 543 if until else ''}", kind)

    lanes = [
        charts.Lane(_("ตำแหน่ง"), (spell(_("นักจัดการงานเทศกิจชำนาญการ"), 2010, 2016), spell(_("หัวหน้าฝ่ายเทศกิจ"), 2016, 2021),
                                  spell(_("ผู้ช่วยผู้อำนวยการเขต"), 2022, None))),
        charts.Lane(_("รักษาการ"), (spell(_("ผู้อำนวยการเขต"), 2024, 2025, "acting"),)),
        charts.Lane(_("การมอบหมาย"), (spell(_("ฝ่ายโยธา"), 2022, 2024, "delegation"), spell(_("ฝ่ายรายได้"), 2024, None, "delegation"))),
        charts.Lane(_("การอบรม"), (spell(_("นักบริหารมหานครระดับต้น"), 2014, 2015, "training"),)),
    ]  # fmt: skip
    return charts.timeline(lanes, title=_("ประวัติการรับราชการ"), today=dt.date(2026, 11, 22),
                           sentence=_("เป็นผู้ช่วยผู้อำนวยการเขตมาแล้ว 4 ปี 1 เดือน"))  # fmt: skip


def _paths() -> charts.Picture:
    steps = (charts.Step(_("ชำนาญการพิเศษ"), _("หัวหน้าฝ่าย 2 เขต"), "214"), charts.Step(_("ผู้ช่วยผู้อำนวยการเขต"), _("2 ปี 7 ฝ่าย"), "96", here=True),
             charts.Step(_("ผู้อำนวยการเขต"), _("อำนวยการสูง"), "50"))  # fmt: skip
    other = (charts.Step(_("หัวหน้าฝ่ายในสำนัก"), _("ผลงาน 1 เรื่อง"), "131"), *steps[1:])
    paths = [charts.CareerPath(_("เส้นทางเติบโตในสำนักงานเขต"), steps), charts.CareerPath(_("เส้นทางเติบโตจากสำนัก"), other)]
    return charts.path_lanes(paths, title=_("เส้นทางสู่ผู้อำนวยการเขต"),
                             sentence=_("ตัวเลขสีเขียวคือจำนวนข้าราชการที่อยู่ในขั้นนั้น"))  # fmt: skip


def _heat() -> charts.Heat:
    def cell(person: int, week: int) -> charts.HeatCell:
        if week == 6:
            return charts.HeatCell("–", None)
        share = (1, 1, 1, 0.75, 1, 0.5, 1, 0)[(person * 5 + week * 3) % 8]
        return charts.HeatCell(f"{share * 6:g}", charts.heat_level(share))

    rows = tuple(charts.HeatRow(person[0], tuple(cell(n, week) for week in range(12)), total=str(58 - n * 2))
                 for n, person in enumerate(PEOPLE))  # fmt: skip
    heads = tuple(str(week + 1) for week in range(12))
    return charts.Heat(
        _("การเข้าเรียนรายสัปดาห์"), _("ชั่วโมงที่เข้าในแต่ละสัปดาห์ สัปดาห์ที่ 7 ไม่มีกำหนด"), _("ชื่อ"), heads, rows, _("รวม")
    )
