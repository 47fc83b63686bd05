"""Pages of rankings and shortlists: the cohort's ranking now, the runs, one run, and one person's sum explained."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from flask import Blueprint, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.routing import BuildError

from webapp import audit
from webapp.accounts.access import current_actor, current_roles, may_open, requires
from webapp.assessments.panels.queries import still_to_mark
from webapp.assessments.queries import plan_in_force, ranking_plan, released_components
from webapp.assessments.ranking.ranks import rank
from webapp.courses.models import Cohort
from webapp.courses.queries import cohort_by_code
from webapp.database import db
from webapp.errors import NotFound
from webapp.records.columns import columns_of, named_parts
from webapp.records.rules import sight_by_role
from webapp.records.scores import standing_marks
from webapp.records.standings import Table
from webapp.records.words import tie_breaker_name
from webapp.shortlist import pictures, queries, rules
from webapp.shortlist.freezing import ranking_of, thawed
from webapp.shortlist.models import ShortlistRun
from webapp.shortlist.verification import differences
from webapp.tables import Column, Filter, read_table

blueprint = Blueprint("shortlist", __name__, template_folder="templates")

STATUS_WORDS = {
    "draft": _l("ร่าง"), "confirmed": _l("ยืนยันแล้ว"), "published": _l("เผยแพร่แล้ว"),
    "superseded": _l("ถูกแทนแล้ว"), "discarded": _l("ยกเลิกแล้ว"),
}  # fmt: skip
STATUS_KINDS = {"draft": "plain", "confirmed": "wait", "published": "good", "superseded": "off", "discarded": "off"}
RUN_COLUMNS = (
    Column("run", _l("รายชื่อ"), sortable=True, always=True),
    Column("cohort", _l("รุ่น")),
    Column("status", _l("สถานะ")),
    Column("size", _l("จำนวนที่เสนอ"), numeric=True),
    Column("plan", _l("แผนฉบับที่"), numeric=True),
    Column("drawn", _l("จัดทำเมื่อ")),
)


@blueprint.app_context_processor
def _words() -> dict[str, Any]:
    return {"run_status_words": STATUS_WORDS, "run_status_kinds": STATUS_KINDS, "link_to": link_to}


@blueprint.record_once
def _places(state: Any) -> None:
    """The development record, a room below, asks here for an officer's places in published runs."""
    state.app.extensions["kaona.places_of"] = queries.places_of
    state.app.extensions["kaona.shortlisted_since"] = queries.shortlisted_since  # the talent pool's suggestions


def link_to(endpoint: str, **values: Any) -> str:
    """The address of a page of another room; empty where the reader may not open it."""
    if not may_open(endpoint):
        return ""
    try:
        return url_for(endpoint, **values)
    except BuildError:
        return ""


# --- the ranking as it stands now ------------------------------------------------------------------------------------


def live_table(cohort: Cohort) -> tuple[Table | None, Any]:
    """The cohort's ranking as its figures stand now, and the plan it goes by; none without a plan in force."""
    plan = plan_in_force(db.session, cohort.id)
    if plan is None:
        return None, None
    columns = columns_of(db.session, cohort)
    persons = {
        number: {"name_th": columns.names_th[row], "name_en": columns.names_en[row] or columns.names_th[row]}
        for row, number in enumerate(columns.officer_nos)
    }
    ranking = rank(ranking_plan(plan, cohort.shortlist_size), columns.people)
    return Table(ranking, persons, named_parts(plan)), plan


@blueprint.get("/cohorts/<code>/ranking")
@requires("shortlist:ranking:view")
def ranking(code: str) -> Any:
    """The ranking of a cohort as its scores stand now; nothing is frozen."""
    cohort = cohort_by_code(db.session, code)
    table, plan = live_table(cohort)
    view, rows = (None, []) if table is None else read_standings(table, request.path)
    return render_template(
        "shortlist/ranking.html", cohort=cohort, plan=plan, table=table, view=view, rows=rows,
        others=table.others() if table is not None else [],
        picture=pictures.bars(table) if table is not None and table.ranked else None,
        plan_points=queries.plan_points(plan) if plan is not None else [],
        runs=queries.runs_of(db.session, cohort.id)[:5], size=cohort.shortlist_size, key=str(uuid4()),
        explain=lambda number: url_for("shortlist.explained", code=code, officer_no=number),
    )  # fmt: skip


def read_standings(table: Table, path: str) -> tuple[Any, list[Any]]:
    """The ranked as the reader asked for them: in order, a page at a time, or those found by name."""
    components = tuple(
        Column(f"c-{c.code}", table_name(table, c.code), numeric=True) for c in table.ranking.plan.components
    )
    gates = tuple(Column(f"g-{kind}", words, numeric=True) for kind, words in table.gate_heads())
    columns = (Column("name", _l("ชื่อ"), always=True), Column("composite", _l("คะแนนรวม"), numeric=True, always=True),
               *components, *gates)  # fmt: skip
    view = read_table(columns, request.args, path=path, sort="name")
    if view.words:
        found = table.found(view.words)
        return view.counted(len(found)), found[view.offset : view.offset + view.limit]
    return view.counted(table.ranked), table.first(view.limit, view.offset)


def table_name(table: Table, code: str) -> str:
    """A component's name as a column head."""
    from webapp.records.words import component_name

    return component_name(table.names, code)


@blueprint.get("/cohorts/<code>/ranking/<officer_no>")
@requires("shortlist:ranking:view")
def explained(code: str, officer_no: str) -> Any:
    """How one person's composite comes about, from the weights down to the lines of the ledger, as it stands now."""
    cohort = cohort_by_code(db.session, code)
    table, plan = live_table(cohort)
    columns = columns_of(db.session, cohort)
    place = {enrollment_id: row for row, enrollment_id in enumerate(columns.enrollment_ids)}
    if table is None or officer_no not in columns.officer_nos:
        raise NotFound()
    row = list(columns.officer_nos).index(officer_no)
    marks = marks_seen(standing_marks(db.session, cohort.id, place)[row], cohort.id)
    found = table.explained(officer_no, marks)
    return render_template(
        "shortlist/explained.html", cohort=cohort, run=None, explained=found, table=table, plan_version=plan.version,
        enrollment_id=columns.enrollment_ids[row], hours=table.hours(officer_no),
        back=url_for("shortlist.ranking", code=code),
    )  # fmt: skip


def marks_seen(marks: Mapping[str, Any], cohort_id: int) -> Mapping[str, Any]:
    """The panel members' marks as far as the reader's role shows them: staff all, the commission once released."""
    sight = sight_by_role(current_roles())
    if not sight.members:
        return {}
    if sight.unreleased_scores:
        awaited = {code for _, code in still_to_mark(db.session, current_actor().account_id, cohort_id)}
        return {code: given for code, given in marks.items() if code not in awaited}
    released = released_components(db.session, cohort_id, "ranking")
    return {code: given for code, given in marks.items() if code in released}


# --- runs ------------------------------------------------------------------------------------------------------------


@blueprint.get("/shortlists")
@requires("shortlist:run:list")
def runs() -> Any:
    """All runs the reader may see, newest first."""
    choices = tuple(STATUS_WORDS.items())
    table = read_table(RUN_COLUMNS, request.args, path=request.path, sort="run", descending=True,
                       filters=(Filter("status", _l("สถานะ"), choices),))  # fmt: skip
    rows, total = queries.runs_page(
        db.session, current_roles(), words=table.words, status=table.chosen["status"], descending=table.descending,
        limit=table.limit, offset=table.offset,
    )  # fmt: skip
    return render_template("shortlist/runs.html", table=table.counted(total), rows=rows)


def frozen_table(run: ShortlistRun) -> tuple[Table, dict[str, Any]]:
    """The ranking of a run, computed again from what it froze, and the frozen inputs."""
    inputs = thawed(run.inputs)
    persons = {n: {**p, "name_en": p["name_en"] or p["name_th"]} for n, p in inputs["persons"].items()}
    return Table(ranking_of(inputs), persons, inputs["plan_facts"]["components"]), inputs


def run_page(run: ShortlistRun, path: str) -> dict[str, Any]:
    """What the page of a run and its print show."""
    table, inputs = frozen_table(run)
    view, rows = read_standings(table, path)
    decision = queries.tie_decision(db.session, run.id)
    names = inputs["plan_facts"]["components"]
    return {
        "run": run, "cohort": run.cohort, "inputs": inputs, "table": table, "view": view, "rows": rows,
        "others": table.others(), "decision": decision,
        "on_list": rules.first_names(thawed(run.result), None if decision is None else decision.chosen),
        "tie_breakers": [tie_breaker_name(names, key) for key in inputs["plan"]["tie_breakers"]],
        "discretions": queries.discretions_of(db.session, run.id),
        "explain": lambda number: url_for("shortlist.run_person", run_id=run.id, officer_no=number),
    }  # fmt: skip


@blueprint.get("/shortlists/<int:run_id>")
@requires("shortlist:run:list")
def run(run_id: int) -> Any:
    """One run: the frozen ranking, what stands in the way of publishing it, and who did what."""
    found = queries.run_visible_to(db.session, run_id, current_roles())
    page = run_page(found, request.path)
    others = queries.runs_of(db.session, found.cohort_id)
    return render_template(
        "shortlist/run.html", **page, open_points=queries.open_points(db.session, found),
        picture=pictures.bars(page["table"]) if page["table"].ranked else None,
        others_runs=[other for other in others if other.id != found.id and queries.is_visible(other, current_roles())],
        objections=queries.objections_of(db.session, found.id), stage=_stage(found.status),
        published=queries.published_run(db.session, found.cohort_id),
    )  # fmt: skip


def _stage(status: str) -> int:
    return {"draft": 1, "confirmed": 2, "published": 4, "superseded": 4}.get(status, 1)


@blueprint.get("/shortlists/<int:run_id>/print")
@requires("shortlist:run:list")
def print_run(run_id: int) -> Any:
    """The run as a document for A4."""
    found = queries.run_visible_to(db.session, run_id, current_roles())
    page = run_page(found, request.path)
    page["rows"] = page["table"].first(page["table"].ranked)
    picture = pictures.bars(page["table"]) if page["table"].ranked else None
    return render_template("shortlist/print.html", **page, picture=picture, head=audit.head_of(db.session))


@blueprint.get("/shortlists/<int:run_id>/people/<officer_no>")
@requires("shortlist:run:list")
def run_person(run_id: int, officer_no: str) -> Any:
    """How one person's composite came about in a run, as it was frozen."""
    found = queries.run_visible_to(db.session, run_id, current_roles())
    table, inputs = frozen_table(found)
    shown = table.explained(officer_no, marks_seen(inputs["marks"].get(officer_no, {}), found.cohort_id))
    if shown is None:
        raise NotFound()
    return render_template(
        "shortlist/explained.html", cohort=found.cohort, run=found, explained=shown, table=table,
        plan_version=found.plan_version, hours=table.hours(officer_no), enrollment_id=None,
        back=url_for("shortlist.run", run_id=run_id),
    )  # fmt: skip


@blueprint.get("/shortlists/<int:run_id>/verify")
@requires("shortlist:run:list")
def verify(run_id: int) -> Any:
    """Compute a run again from what it froze, and say what differs."""
    found = queries.run_visible_to(db.session, run_id, current_roles())
    return render_template(
        "shortlist/verify.html", run=found, cohort=found.cohort, problems=differences(db.session, found)
    )


@blueprint.get("/shortlists/<int:run_id>/compare/<int:other_id>")
@requires("shortlist:run:list")
def compare(run_id: int, other_id: int) -> Any:
    """What differs between two runs of a cohort: ranks, composites and who is within the line."""
    newer = queries.run_visible_to(db.session, run_id, current_roles())
    older = queries.run_visible_to(db.session, other_id, current_roles())
    if newer.cohort_id != older.cohort_id:
        raise NotFound()
    chosen = [one and one.chosen for one in (queries.tie_decision(db.session, run.id) for run in (older, newer))]
    changes = rules.changes_between(thawed(older.result), thawed(newer.result), *chosen)
    return render_template("shortlist/compare.html", run=newer, older=older, cohort=newer.cohort, changes=changes)


from webapp.shortlist import closing_views, decision_views, discretion_views, own_views  # noqa: E402, F401
