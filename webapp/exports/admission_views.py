"""Applicants, results of selections and the register, taken away as workbooks as they are seen."""

from decimal import Decimal
from typing import Any

from flask import request
from flask_babel import gettext as _

from webapp import clock
from webapp.accounts.access import requires
from webapp.admissions import queries as admissions
from webapp.admissions import seat_views as seats
from webapp.admissions import selection_queries as reads
from webapp.admissions import views as pages
from webapp.admissions import words as said
from webapp.admissions.entry import checks
from webapp.admissions.selection_views import frozen_table
from webapp.courses.queries import cohort_by_code, courses_offered
from webapp.database import db
from webapp.exports.lists import MOST_ROWS, list_file
from webapp.exports.scorecards.gathering import words
from webapp.exports.views import blueprint
from webapp.records.words import component_name
from webapp.tables import read_table


@blueprint.get("/cohorts/<code>/admission/applicants.xlsx")
@requires("admissions:application:export")
def applicants(code: str) -> Any:
    """Who applies for a cohort, as found, with the outcome of the entry rule."""
    cohort = cohort_by_code(db.session, code)
    view = read_table(pages.APPLICANT_COLUMNS, request.args, path=request.path, sort="name", filters=pages.FILTERS)
    rows, _total = admissions.applicants_page(
        db.session, cohort, words=view.words, state=view.chosen["state"], via=view.chosen["via"], sort=view.sort,
        descending=view.descending, limit=MOST_ROWS,
    )  # fmt: skip
    found = checks(db.session, cohort, [row.officer.id for row in rows])
    heads = [_("เลขประจำตัวข้าราชการ"), _("ชื่อ"), _("คุณสมบัติ"), _("สถานะใบสมัคร"), _("มาโดย"), _("ยื่นเมื่อ"), _("เหตุผล")]
    told = (
        [row.officer.officer_no, words(row.officer), str(said.state_of_check(found.get(row.officer.id))[0]),
         str(said.STATES[row.state][0]), str(said.VIA[row.via]), row.application.filed_at if row.application else None,
         (row.application.decided_reason or row.application.withdrawn_reason) if row.application else ""]
        for row in rows
    )  # fmt: skip
    title = f"{_('ผู้สมัคร')} {words(cohort)}"
    return list_file(title, heads, told, name=f"applicants-{cohort.code}", of=("cohort", cohort.code))


@blueprint.get("/admissions/<int:selection_id>.xlsx")
@requires("admissions:application:export")
def admission_result(selection_id: int) -> Any:
    """Everybody of a selection as it was frozen: what each gets, the marks, and the reasons of those without a place."""
    found = reads.selection_by_id(db.session, selection_id)
    table, inputs = frozen_table(found)
    given = reads.given_in(db.session, found)
    codes = [component.code for component in table.ranking.plan.components]
    heads = [_("ลำดับ"), _("เลขประจำตัวข้าราชการ"), _("ชื่อ"), _("ผล"), _("คะแนนรวม"),
             *(component_name(table.names, code) for code in codes), _("เหตุผล")]  # fmt: skip
    told = [
        [row.rank, row.officer_no, words(row), str(said.KINDS[given[row.officer_no][0]][0]),
         Decimal(row.composite) if row.composite else None,
         *(Decimal(cell.shown) if cell.shown else None for cell in row.cells), "; ".join(row.reasons)]
        for row in [*table.first(table.ranked), *table.others()]
    ]  # fmt: skip
    told += [
        [None, row["officer_no"], words(row), str(said.KINDS[row["state"]][0]), None, *(None for _code in codes), row["reason"]]
        for row in inputs["others"]
    ]  # fmt: skip
    title = f"{_('ผลการคัดเลือกหมายเลข %(number)s', number=found.id)} {words(found.cohort)}"
    return list_file(title, heads, told, name=f"admission-{found.id}", of=("selection", str(found.id)))


@blueprint.get("/admissions/register.xlsx")
@requires("admissions:application:export")
def register() -> Any:
    """The registers of the qualified, as found, in the order in which they are called."""
    offered = courses_offered(db.session)
    view = read_table(
        seats.REGISTER_COLUMNS, request.args, path=request.path, sort="order", filters=seats.filters_for(offered)
    )
    course = next((one for one in offered if one.code == view.chosen["course"]), None)
    rows, _total = reads.register_page(
        db.session, clock.today(), words=view.words, state=view.chosen["state"], course_id=course.id if course else None,
        descending=view.descending, limit=MOST_ROWS,
    )  # fmt: skip
    heads = [
        _("ลำดับในบัญชี"),
        _("เลขประจำตัวข้าราชการ"),
        _("ชื่อ"),
        _("หลักสูตร"),
        _("มาจาก"),
        _("คะแนนรวม"),
        _("บัญชีใช้ได้ถึง"),
        _("สถานะ"),
    ]
    told = (
        [row.rank, row.officer.officer_no, words(row.officer), words(row.course), words(row.selection.cohort),
         Decimal(row.composite), row.until_on, str(said.REGISTER[row.state][0])]
        for row in rows
    )  # fmt: skip
    return list_file(_("บัญชีผู้ผ่านการคัดเลือก"), heads, told, name="register", of=("register_entry", "list"))
