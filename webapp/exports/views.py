"""What pages hand over: scorecards as a job, one officer's record, and lists as they are seen."""

from decimal import Decimal
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp import clock
from webapp.accounts.access import current_actor, current_officer_id, current_roles, requires
from webapp.accounts.views import own_path
from webapp.courses import views as courses
from webapp.courses.forms import STATUSES
from webapp.courses.queries import attended_by, cohort_by_code, enrollments_page
from webapp.courses.rules import IN_THE_COHORT
from webapp.database import db
from webapp.errors import NotFound
from webapp.exports import operations
from webapp.exports.lists import MOST_ROWS, list_file, take
from webapp.exports.scorecards.gathering import MANY_AT_ONCE, words
from webapp.jobs.operations import start
from webapp.language import language
from webapp.officers import queries as officers
from webapp.officers import rules as service
from webapp.officers import views as officer_pages
from webapp.records.queries import officer_by_no
from webapp.records.rules import Reader
from webapp.records.standings import Standing, Table
from webapp.shortlist import queries as shortlist
from webapp.shortlist import views as shortlists
from webapp.tables import Filter, read_table

blueprint = Blueprint("exports", __name__)


@blueprint.post("/cohorts/<code>/scorecards")
@requires("exports:scorecards:make")
def scorecards(code: str) -> Any:
    """Ask for the scorecard workbook of a cohort (of ``officer_no`` alone, if the form names one)."""
    cohort = cohort_by_code(db.session, code)
    actor = current_actor()
    arguments = {"cohort": cohort.code, "officer_no": request.form.get("officer_no", "")[:40],
                 "language": language(), "account_id": actor.account_id}  # fmt: skip
    back = own_path(request.form.get("back_to", ""), url_for("shortlist.ranking", code=code))
    job = start(db.session, actor, "scorecards", arguments, key=request.form.get("key", "")[:36], back_to=back)
    db.session.commit()
    return redirect(url_for("jobs.job", job_id=job.id), 303)


@blueprint.get("/officers/<officer_no>/record/file")
@requires("records:record:export")
def record(officer_no: str) -> Any:
    """One officer's development record as ``kind`` (xlsx, pdf or json), as far as the reader may see it."""
    officer = officer_by_no(db.session, officer_no)
    # A mentor sees the record of a trainee but does not take it away: only the rights that export it are read with.
    reader = Reader(current_roles() - {"mentor"}, current_officer_id(), current_actor().account_id)
    kind = operations.check_kind(request.args.get("kind", "xlsx"))
    return take(operations.record(db.session, actor=current_actor(), reader=reader, officer=officer, kind=kind))


# --- lists as they are seen ------------------------------------------------------------------------------------------


@blueprint.get("/cohorts/<code>/people.xlsx")
@requires("courses:cohort:export")
def cohort_people(code: str) -> Any:
    """Who is in a cohort, as found, in the order asked for."""
    cohort = cohort_by_code(db.session, code)
    view = read_table(courses.PEOPLE_COLUMNS, request.args, path=request.path, sort="name",
                      filters=(Filter("status", _l("สถานะ"), STATUSES),))  # fmt: skip
    rows, _total = enrollments_page(
        db.session, cohort, words=view.words, status=view.chosen["status"], sort=view.sort, descending=view.descending,
        limit=MOST_ROWS, offset=0,
    )  # fmt: skip
    attended, states = attended_by(db.session, cohort), dict(STATUSES)
    told = (
        {"name": words(officer), "number": officer.officer_no,
         "attendance": _percent(attended, enrollment), "status": str(states[enrollment.status]),
         "decided": enrollment.decided_at}
        for enrollment, officer in rows
    )  # fmt: skip
    title = f"{_('ผู้เข้ารับการอบรม')} {words(cohort)}"
    return list_file(title, [head.label for head in view.heads], ([row[h.key] for h in view.heads] for row in told),
                     name=f"people-{cohort.code}", of=("cohort", cohort.code))  # fmt: skip


def _percent(attended: Any, enrollment: Any) -> Decimal | None:
    """Per cent attended, two decimals; none for somebody who is not in the cohort."""
    found = attended.get(enrollment.id)
    if enrollment.status not in (*IN_THE_COHORT, "withdrawn"):
        return None
    if found is None or found.percent is None:
        return Decimal(0)
    return round(Decimal(found.percent), 2)


@blueprint.get("/cohorts/<code>/ranking.xlsx")
@requires("courses:cohort:export")
def ranking(code: str) -> Any:
    """The ranking as it stands now, everybody found; the not ranked below with their reasons."""
    cohort = cohort_by_code(db.session, code)
    table, _plan = shortlists.live_table(cohort)
    if table is None:
        raise NotFound()
    title = f"{_('การจัดลำดับ')} {words(cohort)}"
    return _standings(table, title, f"ranking-{cohort.code}", ("cohort", cohort.code))


@blueprint.get("/shortlists/<int:run_id>.xlsx")
@requires("shortlist:run:export")
def run(run_id: int) -> Any:
    """The ranking of a run as it was frozen; an executive takes away what is published."""
    found = shortlist.run_visible_to(db.session, run_id, current_roles())
    table, _inputs = shortlists.frozen_table(found)
    title = f"{_('รายชื่อหมายเลข %(run)s', run=found.id)} {words(found.cohort)}"
    return _standings(table, title, f"shortlist-{found.id}", ("shortlist_run", str(found.id)))


def _standings(table: Table, title: str, name: str, of: tuple[str, str]) -> Any:
    view, _page = shortlists.read_standings(table, request.path)
    ranked = table.found(view.words) if view.words else table.first(table.ranked)
    others = [] if view.words else table.others()
    codes = [c.code for c in table.ranking.plan.components if f"c-{c.code}" in view.picked]
    heads = [_("ลำดับ"), _("เลขประจำตัวข้าราชการ"), _("ชื่อ"), _("คะแนนรวม"),
             *(shortlists.table_name(table, code) for code in codes), _("อยู่ในรายชื่อ"), _("เท่ากันคร่อมเส้น"), _("เหตุผล")]  # fmt: skip
    return list_file(title, heads, [_standing(row, codes) for row in [*ranked, *others]], name=name, of=of)


def _standing(row: Standing, codes: list[str]) -> list[Any]:
    cells = {cell.code: cell for cell in row.cells}
    scores = [Decimal(cells[code].shown) if cells[code].shown else None for code in codes]
    yes = _("ใช่")
    return [
        row.rank, row.officer_no, words(row), Decimal(row.composite) if row.composite else None, *scores,
        yes if row.shortlisted else "", yes if row.tied_at_line else "", "; ".join(row.reasons),
    ]  # fmt: skip


@blueprint.get("/officers.xlsx")
@requires("officers:officer:export")
def officer_list() -> Any:
    """Officers as found, with the post they hold now."""
    who, today = officer_pages.reader(), clock.today()
    view = read_table(
        officer_pages.COLUMNS, request.args, path=request.path, sort="name", filters=officer_pages._filters()
    )
    rows, _total = officers.officers_page(
        db.session, who, today, words=view.words, unit=view.chosen["unit"], post=view.chosen["post"],
        service=view.chosen["service"], sort=view.sort, descending=view.descending, limit=MOST_ROWS, offset=0,
    )  # fmt: skip
    held: dict[int, list[Any]] = {}
    for start_at in range(0, len(rows), MANY_AT_ONCE):
        some = [row.id for row in rows[start_at : start_at + MANY_AT_ONCE]]
        held |= officers.postings_on(db.session, some, today)
    told = [_officer(row, held.get(row.id, []), today) for row in rows]
    return list_file(_("ข้าราชการ"), [head.label for head in view.heads], ([row[h.key] for h in view.heads] for row in told),
                     name="officers", of=("officer", "list"))  # fmt: skip


def _officer(row: Any, held: list[Any], today: Any) -> dict[str, Any]:
    serving = service.in_service(row.entry_date, row.birth_date, row.left_on, today)
    return {
        "name": words(row), "number": row.officer_no,
        "post": ", ".join(words(posting.post) for posting in held), "unit": ", ".join(words(posting.unit) for posting in held),
        "entry": row.entry_date, "service": _("รับราชการอยู่") if serving else _("พ้นจากราชการแล้ว"),
    }  # fmt: skip


from webapp.exports import admission_views, agreement_views, practice_views  # noqa: E402, F401  (they add their pages to the blueprint)
from webapp.exports.workforce import views as _workforce  # noqa: E402, F401
