"""The statistics of career paths in words and as a workbook; a number of few people is said to be one, never shown."""

import datetime as dt
import io
from typing import Any

from flask_babel import gettext as _

from webapp import clock, thai
from webapp.careers.path_pages import PathWords
from webapp.careers.words import PATH_KINDS, in_language
from webapp.language import language
from webapp.readiness.paths_queries import PostFigures
from webapp.readiness.paths_rules import FEW, Outcome, StepFigures
from webapp.spreadsheets.writing import Book


def people(count: int) -> str:
    """A number of people; from one to four only that they are few."""
    return few() if 0 < count < FEW else thai.number(count)


def few() -> str:
    """Said where a figure would be of too few people."""
    return _("น้อยกว่า %(few)s คน", few=FEW)


def share(part: int, whole: int) -> str:
    """A part of a whole in percent, with both numbers; few people are no percentage."""
    if whole == 0:
        return "—"
    if whole < FEW:
        return few()
    percent = thai.number(round(100 * part / whole))
    return _(
        "ร้อยละ %(percent)s (%(part)s จาก %(whole)s)", percent=percent, part=thai.number(part), whole=thai.number(whole)
    )


def composite(found: Outcome) -> str:
    """The mean composite of the ranked; none of few."""
    if found.composite is None:
        return "—"
    return few() if found.few_ranked else f"{found.composite:.2f}"


def years(step: StepFigures) -> str:
    """The median time on a step; none of few."""
    if step.years is None:
        return few() if step.went_on else "—"
    return _("%(years)s ปี", years=f"{step.years:.1f}")


def definitions() -> list[str]:
    """How the figures are counted, sentence by sentence; the same on the page and in the workbook."""
    return [
        _("ตรงกับขั้น: รายการดำรงตำแหน่งที่ไม่ใช่รักษาการ และตรงกับตำแหน่ง ประเภทและระดับ และชนิดของหน่วยงานที่ขั้นนั้นระบุไว้"),
        _("อยู่ในขั้นนี้: ผู้ที่รับราชการอยู่ในวันนี้และดำรงตำแหน่งที่ตรงกับขั้น ถ้าตรงหลายขั้นนับขั้นสูงสุด คนหนึ่งนับได้ในหลายเส้นทางเพราะขั้นต้นเหมือนกัน"),
        _("มาตามเส้นทางนี้: เคยดำรงตำแหน่งที่ตรงกับทุกขั้นก่อนหน้า โดยเริ่มแต่ละขั้นไม่ก่อนขั้นที่อยู่ก่อน ไม่ดูจำนวนปี จำนวนเขต หรือผลงานที่ขั้นขอ"),
        _("เวลาในขั้น: มัธยฐานของเวลาตั้งแต่วันแรกในขั้นถึงวันแรกในขั้นถัดไป ของผู้ที่มาตามเส้นทางนี้จนถึงขั้นถัดไป"),
        _("ผลในหลักสูตร: ผู้ที่มาตามเส้นทางนี้ถึงขั้นก่อนตำแหน่งปลายทาง ภายในวันแรกของรุ่นที่เข้าอบรมหลักสูตรของตำแหน่งปลายทาง ผ่านนับจากรุ่นที่ปิดแล้ว อันดับและคะแนนนับจากรายชื่อที่เผยแพร่แล้ว"),
        _("ตัวเลขของคนน้อยกว่า %(few)s คนไม่แสดง เพราะอาจรู้ได้ว่าเป็นใคร และเป็นไปตามโอกาสมากกว่าเส้นทาง", few=FEW),
    ]  # fmt: skip


def outcome_cells(found: Outcome | None) -> list[str]:
    """How those did who came a way: trainees, passed, put forward, mean composite."""
    if found is None:
        return ["—", "—", "—", "—"]
    return [
        people(found.trainees),
        share(found.passed, found.ended),
        share(found.listed, found.ranked),
        composite(found),
    ]


def workbook(found: list[PostFigures], told: PathWords, day: dt.date, *, footer: str) -> bytes:
    """Two sheets of figures and one that says how they are counted."""
    content = io.BytesIO()
    title = _("สถิติของเส้นทางความก้าวหน้า")
    with Book(content, created=clock.now(), title=title, language=language()) as book:
        steps = book.sheet(_("แต่ละขั้น"), landscape=True)
        book.table(steps, _step_heads(), _step_lines(found, told))
        outcomes = book.sheet(_("ผลในหลักสูตรและรายชื่อที่เสนอ"), landscape=True)
        book.table(outcomes, _outcome_heads(), _outcome_lines(found))
        how = book.sheet(_("นับอย่างไร"))
        told_lines = [_("ณ วันที่ %(day)s", day=thai.day_long(day, language())), *definitions(), _reconstruction()]
        book.table(how, [_("นับอย่างไร")], [[line] for line in told_lines])
        for sheet in (steps, outcomes, how):
            book.header(sheet, title)
            book.footer(sheet, footer)
    return content.getvalue()


def _reconstruction() -> str:
    return _("เส้นทางที่ทำเครื่องหมายว่าจัดทำขึ้นใหม่ไม่ได้มาจากเอกสารของคณะกรรมการ")


def _step_heads() -> list[str]:
    return [
        _("ตำแหน่งปลายทาง"), _("เส้นทาง"), _("เติบโตจากที่ใด"), _("จัดทำขึ้นใหม่"), _("ขั้นที่"), _("ขั้น"), _("เงื่อนไข"),
        _("อยู่ในขั้นนี้"), _("มาตามเส้นทางนี้"), _("เวลาในขั้น"),
    ]  # fmt: skip


def _step_lines(found: list[PostFigures], told: PathWords) -> list[list[Any]]:
    return [
        [
            in_language(one.post), in_language(row.path), str(PATH_KINDS.get(row.path.kind, row.path.kind)),
            _("ใช่") if row.path.reconstruction else _("ไม่ใช่"), place, words.label, " · ".join(words.notes),
            figures.standing, people(figures.came), years(figures),
        ]
        for one in found
        for row in one.paths
        for place, (words, figures) in enumerate(zip(told.of(row.path), row.steps, strict=True), start=1)
    ]  # fmt: skip


def outcome_heads() -> list[str]:
    """The heads of how those did who came a way."""
    return [_("เข้าอบรม"), _("ผ่านหลักสูตร"), _("อยู่ในรายชื่อที่เสนอ"), _("คะแนนรวมเฉลี่ย")]


def _outcome_heads() -> list[str]:
    return [_("ตำแหน่งปลายทาง"), _("เส้นทาง"), *outcome_heads()]


def _outcome_lines(found: list[PostFigures]) -> list[list[Any]]:
    lines = []
    for one in found:
        lines += [[in_language(one.post), in_language(row.path), *outcome_cells(row.outcome)] for row in one.paths]
        lines.append([in_language(one.post), _("ทุกคนที่เข้าอบรม"), *outcome_cells(one.everybody)])
    return lines
