"""Pages of the room: the list of officers and the page of one. Changing: ``change_views``."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l

from webapp import clock
from webapp.accounts.access import current_actor, current_officer_id, current_roles, may_any, requires
from webapp.careers import queries as careers
from webapp.database import db
from webapp.errors import NotFound
from webapp.officers import operations, pictures, queries, rules
from webapp.officers.forms import WhyForm
from webapp.tables import Column, Filter, read_table
from webapp.thai import masked_national_id

blueprint = Blueprint("officers", __name__, template_folder="templates")

COLUMNS = (
    Column("name", _l("ชื่อ"), sortable=True, always=True),
    Column("number", _l("เลขประจำตัวข้าราชการ"), sortable=True),
    Column("post", _l("ตำแหน่งปัจจุบัน")),
    Column("unit", _l("หน่วยงาน")),
    Column("entry", _l("วันบรรจุ"), sortable=True, shown=False),
    Column("service", _l("สถานะ"), shown=False),
)
SERVICE = (("in", _l("รับราชการอยู่")), ("left", _l("พ้นจากราชการแล้ว")))
ANCHORS = {"posting": "postings", "delegation": "delegations", "work": "works", "training": "training"}


def reader() -> queries.Reader:
    """Whoever is signed in, as the queries ask."""
    roles = current_roles()
    everything = bool(roles & {"institute", "commission", "executive", "auditor"})
    return queries.Reader(current_officer_id(), everything, "mentor" in roles)


@blueprint.get("/officers")
@requires("officers:officer:list")
def officers() -> Any:
    """Officers to find: everybody for staff, their trainees for a mentor."""
    who, today = reader(), clock.today()
    filters = _filters() if who.everything else ()
    table = read_table(COLUMNS, request.args, path=request.path, sort="name", filters=filters)
    rows, total = queries.officers_page(
        db.session, who, today, words=table.words, unit=table.chosen.get("unit", ""), post=table.chosen.get("post", ""),
        service=table.chosen.get("service", ""), sort=table.sort, descending=table.descending, limit=table.limit,
        offset=table.offset,
    )  # fmt: skip
    return render_template(
        "officers/list.html", table=table.counted(total), rows=rows, everything=who.everything,
        held=queries.postings_on(db.session, [row.id for row in rows], today),
        serving={row.id for row in rows if rules.in_service(row.entry_date, row.birth_date, row.left_on, today)},
    )  # fmt: skip


def _filters() -> tuple[Filter, ...]:
    posts = tuple((row.code, pictures.named(row)) for row in queries.posts_held(db.session))
    units = tuple((row.code, pictures.named(row)) for row in queries.units_offered(db.session))
    return (
        Filter("post", _l("ตำแหน่ง"), posts), Filter("unit", _l("หน่วยงาน"), units), Filter("service", _l("สถานะ"), SERVICE),
    )  # fmt: skip


@blueprint.get("/officers/<officer_no>")
@requires("officers:officer:view")
def officer(officer_no: str) -> Any:
    """One officer: who is this, what have they done, and where each fact comes from."""
    return _officer_page(officer_no, WhyForm())


@blueprint.get("/my/career")
@requires("officers:officer:view")
def own() -> Any:
    """The reader's own page."""
    found = db.session.get(queries.Officer, current_officer_id() or 0)
    if found is None:
        raise NotFound("บัญชีของท่านยังไม่ได้เชื่อมกับทะเบียนข้าราชการ กรุณาติดต่อสถาบัน")
    return redirect(url_for("officers.officer", officer_no=found.officer_no))


def _officer_page(officer_no: str, why: WhyForm, national_id: str = "") -> Any:
    found = queries.officer_visible_to(db.session, reader(), officer_no)
    today = clock.today()
    postings, delegations = (ask(db.session, found.id) for ask in (queries.postings_of, queries.delegations_of))
    works, training = (ask(db.session, found.id) for ask in (queries.works_of, queries.training_of))
    own = found.id == current_officer_id()
    page = render_template(
        "officers/officer.html", officer=found, today=today, postings=postings, delegations=delegations, works=works,
        training=training, levels=careers.level_names(db.session), dates=pictures.dates,
        now=queries.postings_on(db.session, [found.id], today).get(found.id, []), own=own,
        picture=pictures.career(pictures.named(found), postings, delegations, training, today),
        supervisor=db.session.get(queries.Officer, found.supervisor_id) if found.supervisor_id else None,
        retires_on=rules.retires_on(found.birth_date), masked=masked_national_id(found.national_id),
        serving=rules.in_service(found.entry_date, found.birth_date, found.left_on, today),
        may_open_id=found.national_id and (own or may_any("officers:officer:change")), why=why, national_id=national_id,
        may_see_id=own or may_any("officers:officer:change") or "auditor" in current_roles(),
        may_change=may_any("officers:officer:change"), may_verify=may_any("officers:evidence:verify"),
        may_trace=may_any("officers:fact:correct", "imports:run:list"),
    )  # fmt: skip
    return page, 422 if why.errors else 200


@blueprint.post("/officers/<officer_no>/national-id")
@requires("officers:national-id:view")
def national_id(officer_no: str) -> Any:
    """The full national id, once, on this page; somebody else's for a reason that is recorded."""
    found = queries.officer_visible_to(db.session, reader(), officer_no)
    own = found.id == current_officer_id()
    if not own and not may_any("officers:officer:change"):
        raise NotFound()
    form = WhyForm()
    if not own and not form.validate_on_submit():
        return _officer_page(officer_no, form)
    digits = operations.open_national_id(db.session, current_actor(), found, reason=form.reason.data or "", own=own)
    db.session.commit()
    return _officer_page(officer_no, WhyForm(formdata=None), digits)


@blueprint.get("/officers/facts/posting/<int:fact_id>", endpoint="posting", defaults={"kind": "posting"})
@blueprint.get("/officers/facts/delegation/<int:fact_id>", endpoint="delegation", defaults={"kind": "delegation"})
@blueprint.get("/officers/facts/work/<int:fact_id>", endpoint="work", defaults={"kind": "work"})
@blueprint.get("/officers/facts/training/<int:fact_id>", endpoint="training", defaults={"kind": "training"})
@requires("officers:officer:view")
def fact(kind: str, fact_id: int) -> Any:
    """Where a fact stands on its officer's page: what figures elsewhere lead to."""
    row, found = queries.fact_visible_to(db.session, reader(), kind, fact_id)
    return redirect(url_for("officers.officer", officer_no=found.officer_no, _anchor=f"{kind}-{row.id}"))


from webapp.officers import change_views  # noqa: E402, F401  (adds its pages to the blueprint)
