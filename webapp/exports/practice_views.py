"""Lists of what happened in a cohort, taken away as workbooks: sessions of coaching, attendance, ratings, released marks."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from flask import request
from flask_babel import gettext as _

from webapp.accounts.access import current_actor, requires
from webapp.assessments.desk import open_desk
from webapp.assessments.queries import released_components
from webapp.assessments.ratings import views as ratings
from webapp.assessments.views import place, points
from webapp.coaching import queries as coaching
from webapp.coaching import views as coaching_pages
from webapp.coaching.rules import state_of
from webapp.coaching.words import KINDS, STATES
from webapp.courses.queries import attendance_grid, attended_by, cohort_by_code, people_in, sessions_of
from webapp.database import db
from webapp.errors import NotFound
from webapp.exports.lists import MOST_ROWS, list_file
from webapp.exports.scorecards.gathering import words
from webapp.exports.views import blueprint
from webapp.tables import read_table


@blueprint.get("/coaching.xlsx")
@requires("coaching:session:export")
def coaching_sessions() -> Any:
    """Sessions as found, with their shared text: minutes as numbers, times in order."""
    cohorts = coaching.cohorts_with_sessions(db.session)
    view = read_table(
        coaching_pages.COLUMNS, request.args, path=request.path, sort="held", descending=True,
        filters=coaching_pages._filters(cohorts),
    )  # fmt: skip
    rows, _total = coaching.sessions_page(
        db.session, coaching_pages.reader(), words=view.words, state=view.chosen["state"], kind=view.chosen["kind"],
        cohort=view.chosen.get("cohort", ""), sort=view.sort, descending=view.descending, limit=MOST_ROWS,
    )  # fmt: skip
    heads = [_("วันที่"), _("รุ่น"), _("เลขประจำตัวข้าราชการ"), _("ผู้เข้ารับการอบรม"), _("ผู้สอนงาน"), _("ประเภท"), _("นาที"),
             _("เรื่อง"), _("ข้อตกลง"), _("ขั้นต่อไป"), _("สถานะ"), _("บันทึกโดย")]  # fmt: skip
    told = (
        [row.held_on, row.enrollment.cohort.code, row.enrollment.officer.officer_no, words(row.enrollment.officer),
         words(row.mentor) if row.mentor else row.host, str(KINDS[row.kind]), row.minutes, row.topic, row.agreed,
         row.next_step, str(STATES[state_of(row)][0]), row.recorded_by]
        for row in rows
    )  # fmt: skip
    return list_file(_("การสอนงานและให้คำปรึกษา"), heads, told, name="coaching", of=("coaching_session", "list"))


@blueprint.get("/cohorts/<code>/attendance.xlsx")
@requires("courses:attendance:export")
def attendance(code: str) -> Any:
    """Everybody's hours in every session, and the per cent of all hours; an empty cell is not recorded."""
    cohort = cohort_by_code(db.session, code)
    held, grid, total = (
        sessions_of(db.session, cohort),
        attendance_grid(db.session, cohort),
        attended_by(db.session, cohort),
    )
    heads = [_("เลขประจำตัวข้าราชการ"), _("ชื่อ"), *(one.code for one in held), _("ร้อยละที่เข้าเรียน")]

    def told(enrollment: Any, officer: Any) -> list[Any]:
        cells = [grid.get((enrollment.id, one.id)) for one in held]
        hours = [None if cell is None else (cell[1] if cell[0] else Decimal(0)) for cell in cells]
        found = total.get(enrollment.id)
        percent = None if found is None or found.percent is None else round(Decimal(found.percent), 2)
        return [officer.officer_no, words(officer), *hours, percent]

    rows = [told(enrollment, officer) for enrollment, officer in people_in(db.session, cohort)]
    title = f"{_('การเข้าเรียน')} {words(cohort)}"
    return list_file(title, heads, rows, name=f"attendance-{cohort.code}", of=("cohort", cohort.code))


@blueprint.get("/ratings.xlsx")
@requires("assessments:rating:export")
def rating_list() -> Any:
    """Ratings of competencies that stand, as found."""
    view = read_table(ratings.COLUMNS, request.args, path=request.path, sort="rated", descending=True, limit=MOST_ROWS)
    rows, _total = ratings.found(db.session, replace(view, page=1))
    heads = [_("เลขประจำตัวข้าราชการ"), _("ชื่อ"), _("สมรรถนะ"), _("ระดับ"), _("วันที่ประเมิน"), _("วิธีประเมิน"), _("ผู้ประเมิน"),
             _("เผยแพร่เมื่อ")]  # fmt: skip
    told = (
        [officer.officer_no, words(officer), words(competency), row.rating, row.rated_on, row.method, row.assessor,
         row.released_at]
        for row, officer, competency in rows
    )  # fmt: skip
    return list_file(_("ผลประเมินสมรรถนะ"), heads, told, name="ratings", of=("competency_rating", "list"))


@blueprint.get("/cohorts/<code>/scores/<component>/marks.xlsx")
@requires("assessments:score:export")
def marks(code: str, component: str) -> Any:
    """Everybody's marks of a released component: each member's, and the mean of all."""
    cohort, purpose = place(code)
    desk = open_desk(db.session, cohort, purpose, component)
    if component not in released_components(db.session, cohort.id, purpose) or desk.unseen_by(
        current_actor().account_id
    ):
        raise NotFound()
    members = sorted({member for _person, member in desk.standing})
    heads = [_("เลขประจำตัวข้าราชการ"), _("ชื่อ"), *(member or _("คะแนน") for member in members), _("คะแนนเฉลี่ย")]
    rows = []
    for person in desk.people.values():
        given = [desk.standing.get((person.enrollment_id, member)) for member in members]
        totals = [None if one is None or one.withdrawn else desk.total_of(one) for one in given]
        mean = desk.outcome_of(person.enrollment_id).score
        rows.append([person.officer_no, words(person), *(_number(total) for total in totals), _number(mean)])
    title = f"{words(desk.component)} {words(cohort)}"
    return list_file(title, heads, rows, name=f"marks-{cohort.code}-{component}", of=("cohort", cohort.code))


def _number(total: Any) -> Decimal | None:
    """Points as pages show them, as a number."""
    return None if total is None else Decimal(points(total))
