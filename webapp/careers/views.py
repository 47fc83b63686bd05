"""Pages of the room: posts and their job profiles, paths, competencies, units. The catalog: ``course_views``."""

from flask import render_template, request
from flask_babel import lazy_gettext as _l

from webapp.accounts.access import requires
from webapp.careers import course_views, queries, words
from webapp.careers.pages import READ, blueprint, page_of
from webapp.database import db
from webapp.errors import NotFound
from webapp.tables import PAGE_SIZE, Column, Filter, read_table

__all__ = ["blueprint", "course_views"]

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
)


@blueprint.get("/posts")
@requires(READ)
def posts() -> str:
    """All posts, the target posts first."""
    table = read_table(
        POST_COLUMNS, request.args, path=request.path, sort="", filters=(Filter("kind", _l("แสดง"), POST_KINDS),)
    )
    rows = queries.posts(
        db.session, words=table.words, kind=table.chosen["kind"], sort=table.sort, descending=table.descending
    )
    table, rows = page_of(table, rows)
    return render_template("careers/posts.html", table=table, rows=rows)


@blueprint.get("/posts/<path:code>")
@requires(READ)
def post(code: str) -> str:
    """A post: its job profile in force, seats, and the paths that lead to it."""
    return _post_page(code, None)


@blueprint.get("/posts/<path:code>/profiles/<int:version>")
@requires(READ)
def profile(code: str, version: int) -> str:
    """One published version of a post's job profile, shown as it was published for ever."""
    return _post_page(code, version)


def _post_page(code: str, version: int | None) -> str:
    found = queries.post(db.session, code)
    shown = queries.published_profile(db.session, found.id, version)
    if version is not None and shown is None:
        raise NotFound()
    paths = queries.paths(db.session, found.id)
    course = shown and shown.document.get("course")
    return render_template(
        "careers/post.html",
        post=found,
        profile=shown,
        versions=queries.published_versions(db.session, found.id),
        levels=queries.level_names(db.session),
        seats=queries.seats(db.session, found.id),
        paths=paths,
        course=queries.course(db.session, course) if course else None,
        competencies={row.code: row for row in queries.competencies(db.session)},
        words=words,
    )


@blueprint.get("/paths")
@requires(READ)
def paths() -> str:
    """The career paths, each as its steps; a reconstruction is called one."""
    found = queries.paths(db.session)
    codes = sorted({step["post"] for path in found for step in path.steps if step.get("post")})
    names, levels = queries.posts_of_codes(db.session, codes), queries.level_names(db.session)
    lanes = [(path, words.steps(path, names, levels)) for path in found]
    return render_template("careers/paths.html", lanes=lanes, kinds=words.PATH_KINDS)


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


@blueprint.get("/units")
@requires(READ)
def units() -> str:
    """District offices by group, bureaus and offices."""
    zones = tuple((zone, words.zone(zone)) for zone in queries.zones(db.session))
    kind, zone = Filter("kind", _l("ชนิด"), tuple(words.UNIT_KINDS.items())), Filter("zone", _l("กลุ่มเขต"), zones)
    table = read_table(
        UNIT_COLUMNS, request.args, path=request.path, sort="", filters=(kind, zone), limit=2 * PAGE_SIZE
    )
    rows, total = queries.units(
        db.session, words=table.words, kind=table.chosen["kind"], zone=table.chosen["zone"], sort=table.sort,
        descending=table.descending, limit=table.limit, offset=table.offset,
    )  # fmt: skip
    return render_template(
        "careers/units.html", table=table.counted(total), rows=rows, words=words, sections=queries.sections(db.session)
    )
