"""Pages of the room: posts and their job profiles, paths, competencies, units. The catalog: ``course_views``."""

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.accounts.access import may_any, requires
from webapp.careers import course_views, organization_views, path_queries, path_views, post_views, queries, words
from webapp.careers.pages import READ, blueprint, page_of, workbook
from webapp.careers.profiles import competency_views, criteria_views, evidence_views, part_views, version_views
from webapp.careers.profiles import queries as profiles
from webapp.careers.profiles.pages import DRAFT
from webapp.database import db
from webapp.tables import PAGE_SIZE, Column, Filter, TableView, read_table

__all__ = [
    "blueprint", "competency_views", "course_views", "criteria_views", "evidence_views", "organization_views",
    "part_views", "path_views", "post_views", "version_views",
]  # fmt: skip

EXPORT = "careers:published:export"
MOST_UNITS = 10_000
"""Rows a workbook of units holds: many times what the administration has."""

# Posts and job profiles ----------------------------------------------------------------------------------------------

POST_COLUMNS = (
    Column("name", _l("ตำแหน่ง"), sortable=True, always=True),
    Column("level", _l("ประเภทและระดับ")),
    Column("seats", _l("อัตรา"), numeric=True),
    Column("profile", _l("แบบสังเขปประสบการณ์และผลงาน")),
)
POST_KINDS = (
    ("target", _l("ตำแหน่งเป้าหมาย")),
    ("head", _l("หัวหน้าหน่วยงาน")),
    ("executive", _l("ประเภทบริหาร")),
    ("managerial", _l("ประเภทอำนวยการ")),
    ("knowledge", _l("ประเภทวิชาการ")),
    ("general", _l("ประเภททั่วไป")),
    ("retired", _l("เลิกใช้แล้ว")),
)


def _posts() -> tuple[TableView, list[queries.PostRow]]:
    """The posts asked for, all pages of them."""
    kind = Filter("kind", _l("แสดง"), POST_KINDS)
    table = read_table(POST_COLUMNS, request.args, path=url_for("careers.posts"), sort="", filters=(kind,))
    rows = queries.posts(
        db.session, words=table.words, kind=table.chosen["kind"], sort=table.sort, descending=table.descending
    )
    return table, rows


@blueprint.get("/posts")
@requires(READ)
def posts() -> str:
    """All posts, the target posts first."""
    table, rows = page_of(*_posts())
    return render_template("careers/posts.html", table=table, rows=rows)


@blueprint.get("/posts.xlsx")
@requires(EXPORT)
def posts_workbook() -> Response:
    """The posts as seen, as a workbook."""
    table, rows = _posts()
    told = (
        {
            "name": words.in_language(row),
            "level": words.in_language(row.level),
            "seats": row.seats,
            "profile": row.profile_version,
        }
        for row in rows
    )
    return workbook("posts", _("รายการตำแหน่ง"), table, told)


@blueprint.get("/posts/<path:code>")
@requires(READ)
def post(code: str) -> str:
    """A post: its job profile in force, seats, and the paths that lead to it."""
    return _post_page(code, None)


@blueprint.get("/posts/<path:code>/profiles/<int:version>")
@requires(READ)
def profile(code: str, version: int) -> str:
    """One version of a post's job profile: a published one as it was published for ever; drafts for those who may."""
    return _post_page(code, version)


def _post_page(code: str, version: int | None) -> str:
    found = queries.post(db.session, code)
    if version is None:
        shown = queries.published_profile(db.session, found.id)
    else:
        shown = profiles.version_of(db.session, found.id, version, drafts=may_any(DRAFT))
    paths, seats = queries.paths(db.session, found.id), queries.seats(db.session, found.id)
    course = shown and shown.document.get("course")
    return render_template(
        "careers/post.html",
        post=found,
        profile=shown,
        versions=queries.published_versions(db.session, found.id),
        levels=queries.level_names(db.session),
        seats=seats,
        paths=paths,
        course=queries.course(db.session, course) if course else None,
        checklist=post_views.checklist_of(found, shown, seats, len(paths)) if version is None else [],
        rule=path_queries.rules(db.session, found.id).get(found.id),
        competencies=profiles.competencies_as_published(db.session, shown) if shown else {},
        open_draft=profiles.open_draft(db.session, found.id) if may_any(DRAFT) else None,
        words=words,
    )


# Competencies --------------------------------------------------------------------------------------------------------


@blueprint.get("/competencies")
@requires(READ)
def competencies() -> str:
    """The competencies by group, and which posts expect them at which level."""
    return render_template(
        "careers/competencies.html",
        competencies=queries.competencies(db.session),
        expectations=queries.expectations(db.session),
        groups=words.COMPETENCY_GROUPS,
    )


@blueprint.get("/competencies/<path:code>")
@requires(READ)
def competency(code: str) -> str:
    """A competency: its definition and its five levels with what can be observed."""
    found = queries.competency(db.session, code)
    expected = queries.expectations(db.session).get(code, [])
    return render_template(
        "careers/competency.html",
        competency=found,
        expected=expected,
        group=words.COMPETENCY_GROUPS.get(found.group, ""),
    )


# Units ---------------------------------------------------------------------------------------------------------------

UNIT_COLUMNS = (
    Column("name", _l("หน่วยงาน"), sortable=True, always=True),
    Column("kind", _l("ชนิด")),
    Column("zone", _l("กลุ่มเขต")),
    Column("code", _l("รหัสที่ใช้ในไฟล์นำเข้า")),
)


def _units_table() -> TableView:
    zones = tuple((zone, words.zone(zone)) for zone in queries.zones(db.session))
    kinds = (*words.UNIT_KINDS.items(), ("retired", _l("เลิกใช้แล้ว")))
    kind, zone = Filter("kind", _l("ชนิด"), kinds), Filter("zone", _l("กลุ่มเขต"), zones)
    path = url_for("careers.units")
    return read_table(UNIT_COLUMNS, request.args, path=path, sort="", filters=(kind, zone), limit=2 * PAGE_SIZE)


def _units(table: TableView, limit: int, offset: int) -> queries.UnitsPage:
    kind = table.chosen["kind"]
    return queries.units(
        db.session, words=table.words, kind="" if kind == "retired" else kind, zone=table.chosen["zone"],
        sort=table.sort, descending=table.descending, retired=kind == "retired", limit=limit, offset=offset,
    )  # fmt: skip


@blueprint.get("/units")
@requires(READ)
def units() -> str:
    """District offices by group, bureaus and offices."""
    table = _units_table()
    rows, total = _units(table, table.limit, table.offset)
    return render_template("careers/units.html", table=table.counted(total), rows=rows, words=words)


@blueprint.get("/units.xlsx")
@requires(EXPORT)
def units_workbook() -> Response:
    """The units as seen, as a workbook."""
    table = _units_table()
    rows, _total = _units(table, MOST_UNITS, 0)
    told = (
        {
            "name": words.in_language(row),
            "kind": str(words.UNIT_KINDS[row.kind]),
            "zone": words.zone(row.zone),
            "code": row.code,
        }
        for row in rows
    )
    return workbook("units", _("หน่วยงาน"), table, told)
