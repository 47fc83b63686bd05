"""The development record of an officer: one page, for the screen and for print."""

from typing import Any

from flask import Blueprint, current_app, render_template, request, url_for
from werkzeug.routing import BuildError

from webapp import audit, clock
from webapp.accounts.access import current_actor, current_officer_id, current_roles, may_any, requires
from webapp.assessments.ranking.scores import as_text
from webapp.careers import queries as careers
from webapp.careers.models import Post
from webapp.database import db
from webapp.errors import NotFound
from webapp.officers.models import Officer
from webapp.records import pictures, queries
from webapp.records.record import DevelopmentRecord, Scored, Source
from webapp.records.rules import Reader
from webapp.records.words import exact_words

blueprint = Blueprint("records", __name__, template_folder="templates")

FACTS = ("officers:fact:correct", "imports:run:list")
PAGES = {
    "posting": ("imports.fact", "fact_id", {"kind": "postings"}, FACTS),
    "delegation": ("imports.fact", "fact_id", {"kind": "delegations"}, FACTS),
    "evidenced_work": ("imports.fact", "fact_id", {"kind": "works"}, FACTS),
    "training_record": ("imports.fact", "fact_id", {"kind": "training"}, FACTS),
    "competency_rating": ("imports.fact", "fact_id", {"kind": "competency-ratings"}, FACTS),
    "coaching_session": ("coaching.session", "session_id", {}, ("coaching:session:list",)),
    "project_assignment": ("projects.assignment", "assignment_id", {}, ("projects:assignment:view",)),
}
"""Where a figure's row has a page of its own, and who opens it; the others tell their source in words."""


@blueprint.app_template_filter("name")
def name(value: Any) -> str:
    """A record's name in the reader's language."""
    return pictures.words(value)


def source_url(source: Source) -> str:
    """The page of the row a figure came from; empty where it has none, or none for this reader."""
    endpoint, argument, more, permissions = PAGES.get(source.table, ("", "", {}, ()))
    if endpoint not in current_app.view_functions or not may_any(*permissions):
        return ""
    try:
        return url_for(endpoint, **{argument: source.id}, **more)
    except BuildError:
        return ""


def score_page(code: str, row: Scored, officer_no: str) -> str:
    """The page of one component's marks, for those who may open it."""
    if "assessments.score" not in current_app.view_functions or not may_any("assessments:score:view"):
        return ""
    more = {"purpose": row.purpose} if row.purpose != "ranking" else {}
    return url_for("assessments.score", code=code, component=row.component.code, officer_no=officer_no, **more)


def import_url(import_id: int) -> str:
    """The page of an import run, for those who may open it."""
    for argument in ("run_id", "import_id"):
        try:
            return url_for("imports.run", **{argument: import_id})
        except BuildError:
            continue
    return ""


def reader() -> Reader:
    """The person signed in, as a record's rules know them."""
    return Reader(current_roles(), current_officer_id(), current_actor().account_id)


@blueprint.get("/officers/<officer_no>/record")
@requires("records:record:view")
def record(officer_no: str) -> Any:
    """One officer's development record, as far as the reader may see it."""
    return _page(queries.officer_by_no(db.session, officer_no))


@blueprint.get("/my/record")
@requires("records:record:view")
def own() -> Any:
    """The development record of the officer signed in."""
    officer_id = current_officer_id()
    officer = db.session.get(Officer, officer_id) if officer_id is not None else None
    if officer is None:
        raise NotFound()
    return _page(officer)


def _page(officer: Officer) -> Any:
    places = current_app.extensions.get("kaona.places_of")
    found = queries.record_of(db.session, officer, reader(), places)
    today = clock.today()
    posts = queries.posts_with_profiles(db.session)
    chosen = _chosen(posts, found)
    return render_template(
        "records/record.html", record=found, officer=officer, own=reader().officer_id == officer.id,
        service=pictures.service(found, today), radar=_radar(found, chosen), posts=posts, chosen=chosen,
        source_url=source_url, import_url=import_url, figure=exact_words, rounded=as_text,
        score_page=score_page, percent=lambda value: as_text(value, 1), posts_links=posts_links, latest=found.latest_ratings(today), head=audit.head_of(db.session),
    )  # fmt: skip


def posts_links(posts: list[Post], chosen: Post | None) -> list[tuple[str, str, bool]]:
    """The posts a record can be held against, as tabs."""
    address = {**(request.view_args or {})}
    return [
        (pictures.words(queries.named(post)), url_for(request.endpoint or "", **address, post=post.code) + "#competencies",
         chosen is not None and post.code == chosen.code)
        for post in posts
    ]  # fmt: skip


def _chosen(posts: list[Post], found: DevelopmentRecord) -> Post | None:
    """The post whose profile is shown: the one asked for, else that of the officer's course, else the first."""
    asked = request.args.get("post", "")
    courses = {cohort.course.code.removesuffix("-course") for cohort in found.cohorts}
    for wanted in ({asked}, courses):
        for post in posts:
            if post.code in wanted:
                return post
    return posts[0] if posts else None


def _radar(found: DevelopmentRecord, post: Post | None) -> Any:
    profile = None if post is None else careers.published_profile(db.session, post.id)
    if post is None or profile is None:
        return None
    known = {competency.code: competency for competency in careers.competencies(db.session)}
    label = pictures.words(queries.named(post))
    return pictures.competencies(found, profile.document.get("competencies", ()), known, label, clock.today())
