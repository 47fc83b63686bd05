"""The bank as it is read: the list, an item, its preview and try-out, its history, its pictures."""

from typing import Any

from flask import render_template, request, url_for
from flask_babel import lazy_gettext as _l

from webapp.accounts.access import current_actor, may_any, requires
from webapp.assessments.bank import operations, queries
from webapp.assessments.bank.document import TYPES, problems
from webapp.assessments.bank.models import STATUSES, ItemVersion
from webapp.assessments.bank.presenting import present, without_key
from webapp.assessments.bank.rules import score
from webapp.assessments.bank.shown import Rich, rich_for
from webapp.assessments.bank.words import (
    ITEM_STATUS_WORDS,
    MARK_WORDS,
    PART_WORDS,
    RULE_WORDS,
    STATUS_KINDS,
    TYPE_WORDS,
    differences,
    outline,
    percent,
    problem_words,
)
from webapp.assessments.views import blueprint
from webapp.careers.queries import competencies
from webapp.database import db
from webapp.errors import NotFound
from webapp.files.sending import send
from webapp.language import language
from webapp.tables import Column, Filter, read_table

COLUMNS = (
    Column("title", _l("ข้อคำถาม"), sortable=True, always=True),
    Column("category", _l("หมวด")),
    Column("type", _l("ชนิด"), sortable=True),
    Column("tags", _l("ป้าย")),
    Column("status", _l("สถานะ"), sortable=True),
    Column("changed", _l("แก้ไขล่าสุด"), sortable=True),
)
SEED = "preview"


@blueprint.app_context_processor
def _bank_words() -> dict[str, Any]:
    return {
        "item_type_words": TYPE_WORDS, "item_status_words": ITEM_STATUS_WORDS, "item_status_kinds": STATUS_KINDS,
        "item_rule_words": RULE_WORDS, "mark_words": MARK_WORDS, "part_words": PART_WORDS, "percent": percent,
    }  # fmt: skip


@blueprint.get("/bank")
@requires("assessments:item:list")
def bank() -> Any:
    """Every item by its latest version, found by words, category, type, tag and status."""
    tree = queries.tree(db.session)
    names = competency_names()
    tags = [(f"{kind}:{value}", names.get(value, value)) for kind, value in queries.tags_in_use(db.session)]
    filters = (
        Filter("category", _l("หมวด"), [(str(row.id), "　" * row.depth + named(row)) for row in tree]),
        Filter("type", _l("ชนิด"), [(kind, TYPE_WORDS[kind]) for kind in TYPES]),
        Filter("tag", _l("ป้าย"), tags),
        Filter("status", _l("สถานะ"), [(name, ITEM_STATUS_WORDS[name]) for name in STATUSES]),
    )
    view = read_table(COLUMNS, request.args, path=request.path, sort="changed", descending=True, filters=filters)
    branches = {row.id: row for row in tree}
    chosen = view.chosen["category"]
    rows, total = queries.items_page(
        db.session, words=view.words, categories=branches[int(chosen)].beneath if chosen else (),
        kind=view.chosen["type"], tag=view.chosen["tag"], status=view.chosen["status"], sort=view.sort,
        descending=view.descending, limit=view.limit, offset=view.offset,
    )  # fmt: skip
    waiting = queries.count_waiting(db.session, current_actor().account_id) if may_any("assessments:item:review") else 0
    return render_template(
        "assessments/bank/list.html", table=view.counted(total), rows=rows, branches=branches, names=names,
        waiting=waiting,
    )  # fmt: skip


def named(row: Any) -> str:
    """A category's or competency's name in the reader's language."""
    return (row.name_en or row.name_th) if language() == "en" else row.name_th


def competency_names() -> dict[str, str]:
    """Every competency's name by its code."""
    return {row.code: named(row) for row in competencies(db.session)}


def rich_of(code: str) -> Rich:
    """Texts of an item with its pictures."""
    return rich_for(lambda sha256: url_for("assessments.bank_picture", code=code, sha256=sha256))


def lines_of(version: ItemVersion) -> Any:
    """The version line by line, as far as the reader may know it."""
    if may_any("assessments:key:view"):
        return outline(version.document, key=True)
    return outline(without_key(version.document), key=False)


@blueprint.get("/bank/<code>")
@requires("assessments:item:list")
def bank_item(code: str) -> Any:
    """An item: what it asks, its key for whoever may see it, and what can be done with it now."""
    item = queries.item_by_code(db.session, code)
    version = queries.version_of(db.session, item, request.args.get("version", type=int))
    key = may_any("assessments:key:view")
    changes = may_any("assessments:item:change") and version.latest
    wrong = problems(version.document) if changes and version.status in ("draft", "returned") else []
    reviews = queries.reviews_of(db.session, item).get(version.id, [])
    in_use = queries.in_use(db.session, item)
    return render_template(
        "assessments/bank/item.html", item=item, version=version, lines=lines_of(version), key=key, changes=changes,
        problems=[problem_words(row) for row in wrong], reviews=reviews, in_use=in_use, rich=rich_of(code),
        shown=present(version.document, SEED), way=_way(item.category_id), names=competency_names(),
        own=operations.is_author(db.session, current_actor(), version), tree=queries.tree(db.session),
    )  # fmt: skip


def _way(category_id: int) -> str:
    return next((row.path_in(language()) for row in queries.tree(db.session) if row.id == category_id), "")


@blueprint.get("/bank/<code>/preview")
@requires("assessments:item:list")
def bank_preview(code: str) -> Any:
    """The item as a candidate sees it."""
    return _preview(code, None)


@blueprint.post("/bank/<code>/preview")
@requires("assessments:key:view")
def bank_try(code: str) -> Any:
    """Try an answer: what it would earn, part by part. Nothing is kept."""
    return _preview(code, request.form)


def _preview(code: str, form: Any) -> Any:
    item = queries.item_by_code(db.session, code)
    version = queries.version_of(db.session, item, request.args.get("version", type=int))
    if problems(version.document):
        return render_template("assessments/bank/unfinished.html", item=item, version=version)
    shown = present(version.document, SEED)
    response = shown.read(form, "answer") if form is not None else {}
    mark = score(version.document, response) if form is not None else None
    texts = {line.key.partition(" ")[2]: line.text for line in outline(version.document, key=False)}
    return render_template(
        "assessments/bank/preview.html", item=item, version=version, shown=shown, rich=rich_of(code), mark=mark,
        typed=shown.typed(response, "answer"), mark_parts=[(_part_name(part.key, texts), part) for part in mark.parts]
        if mark else [], may_try=may_any("assessments:key:view"),
    )  # fmt: skip


def _part_name(key: str, texts: dict[str, str]) -> str:
    if key in texts:
        return texts[key]
    if " " in key:
        source, _space, target = key.partition(" ")
        return f"{texts.get(source, source)} → {texts.get(target, target)}"
    return ""


@blueprint.get("/bank/<code>/history")
@requires("assessments:item:list")
def bank_history(code: str) -> Any:
    """Every version with its reviews, and what two of them say differently."""
    item = queries.item_by_code(db.session, code)
    versions = queries.versions_of(db.session, item)
    numbers = {version.number: version for version in versions}
    later = numbers.get(request.args.get("to", type=int) or -1, versions[0])
    earlier = numbers.get(request.args.get("from", type=int) or -1) or numbers.get(later.number - 1)
    changed = differences(lines_of(earlier), lines_of(later)) if earlier is not None else []
    return render_template(
        "assessments/bank/history.html", item=item, versions=versions, reviews=queries.reviews_of(db.session, item),
        later=later, earlier=earlier, changed=changed, key=may_any("assessments:key:view"),
    )  # fmt: skip


@blueprint.get("/bank/<code>/pictures/<sha256>")
@requires("assessments:item:list")
def bank_picture(code: str, sha256: str) -> Any:
    """A picture of an item. One of a version's key (its feedback, its model answer) is for whoever may see the key."""
    item = queries.item_by_code(db.session, code)
    picture = queries.picture(db.session, item, sha256)
    if not may_any("assessments:key:view"):
        versions = queries.versions_of(db.session, item)
        if not any(sha256 in str(without_key(version.document)) for version in versions):
            raise NotFound()
    return send(picture.file)


from webapp.assessments.bank import category_views as _categories  # noqa: E402, F401
from webapp.assessments.bank import writing_views as _writing  # noqa: E402, F401
from webapp.assessments.bank.transfer import views as _transfer  # noqa: E402, F401
