"""The bank as it is written: new items, the editor, filing, pictures, review and retirement."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import escape

from webapp.accounts.access import current_actor, requires
from webapp.assessments.bank import boxes, operations, queries, richtext
from webapp.assessments.bank.document import RULES, TYPES, cleaned
from webapp.assessments.bank.forms import read_item
from webapp.assessments.bank.models import Item
from webapp.assessments.bank.views import competency_names, rich_of
from webapp.assessments.bank.words import FEEDBACK_WORDS, RULE_WORDS, TYPE_HELP
from webapp.assessments.plans.forms import count_of
from webapp.assessments.views import blueprint, said
from webapp.careers.queries import competencies
from webapp.database import db
from webapp.errors import NotFound, Refused
from webapp.language import language

MOST_ROWS = 60


@blueprint.get("/bank/new")
@requires("assessments:item:change")
def bank_new() -> Any:
    """Which type of item to write."""
    return render_template("assessments/bank/new.html", kinds=TYPES, help=TYPE_HELP, tree=queries.tree(db.session))


@blueprint.route("/bank/new/<kind>", methods=["GET", "POST"])
@requires("assessments:item:change")
def bank_create(kind: str) -> Any:
    """A new item of a type."""
    if kind not in TYPES:
        raise NotFound()
    empty = cleaned({"type": kind, "choices": [{"id": "true"}, {"id": "false"}] if kind == "true-false" else []})
    if request.method == "GET" or "more" in request.form:
        return _editor(None, empty, request.form or boxes.typed_item(empty), {})
    document, errors = read_item(request.form, empty)
    chosen = request.form.get("category", type=int)
    if not chosen:
        errors = {"category": _("ต้องเลือกหมวด"), **errors}
    if errors:
        return _editor(None, empty, request.form, errors), 422
    version = operations.create_item(
        db.session, current_actor(), category=queries.category(db.session, chosen), document=document
    )
    item = db.session.get_one(Item, version.item_id)
    db.session.commit()
    flash(_("เก็บร่างข้อสอบ %(code)s แล้ว", code=item.code), "good")
    return redirect(url_for(".bank_item", code=item.code), 303)


@blueprint.route("/bank/<code>/edit", methods=["GET", "POST"])
@requires("assessments:item:change")
def bank_edit(code: str) -> Any:
    """The editor: changes a draft, or makes a new version beside one that was approved."""
    item = queries.item_by_code(db.session, code)
    version = queries.version_of(db.session, item)
    if request.method == "GET" or "more" in request.form:
        typed = request.form or {**boxes.typed_item(version.document), "based_on": version.digest}
        return _editor(item, version.document, typed, {})
    document, errors = read_item(request.form, version.document)
    if errors:
        return _editor(item, version.document, request.form, errors), 422
    try:
        operations.change_item(
            db.session, current_actor(), item, document, based_on=request.form.get("based_on", ""),
            reason=request.form.get("reason", "")[:2000],
        )  # fmt: skip
        db.session.commit()
    except Refused as refused:
        if refused.status == 404:
            raise
        db.session.rollback()
        item = queries.item_by_code(db.session, code)
        return _editor(item, queries.version_of(db.session, item).document, request.form, {"": said(refused)}), 422
    flash(_("เก็บร่างข้อสอบ %(code)s แล้ว", code=item.code), "good")
    return redirect(url_for(".bank_item", code=item.code), 303)


def _editor(item: Item | None, document: Any, typed: Any, errors: dict[str, str]) -> str:
    kind = document["type"]
    letter = boxes.ROW_OF[kind]
    version = queries.version_of(db.session, item) if item is not None else None
    filled = count_of(typed, letter, boxes.LETTERS[letter])
    spare = 0 if kind == "true-false" else boxes.SPARE[letter]
    rows = filled + (spare if request.method == "GET" or "more" in request.form else 0)
    return render_template(
        "assessments/bank/edit.html", item=item, version=version, kind=kind, typed=typed, errors=errors,
        rows=min(max(rows, spare), MOST_ROWS), rules=[(rule, RULE_WORDS[rule]) for rule in RULES[kind]],
        tree=queries.tree(db.session), feedbacks=FEEDBACK_WORDS, plain=kind != "matching" or not document["pairs"]
        or boxes.is_plain_matching(document), new_version=version is not None and version.status not in
        ("draft", "returned", "in-review"),
    )  # fmt: skip


@blueprint.get("/bank/<code>/filing")
@requires("assessments:item:change")
def bank_filing(code: str) -> Any:
    """Category, tags and pictures of an item."""
    item = queries.item_by_code(db.session, code)
    return render_template(
        "assessments/bank/filing.html", item=item, version=queries.version_of(db.session, item),
        tree=queries.tree(db.session), competencies=competencies(db.session), rich=rich_of(code),
        chosen={tag.value for tag in item.tags if tag.kind == "competency"},
        topics=", ".join(tag.value for tag in item.tags if tag.kind == "topic"), names=competency_names(),
        pictures=queries.pictures_of(db.session, item),
    )  # fmt: skip


@blueprint.post("/bank/<code>/filing")
@requires("assessments:item:change")
def bank_file(code: str) -> Any:
    """Move an item and tag it."""
    topics = [("topic", value) for value in request.form.get("topics", "").split(",") if value.strip()]
    tags = [("competency", value) for value in request.form.getlist("competency")] + topics

    def act(item: Item) -> str:
        category = queries.category(db.session, request.form.get("category", type=int))
        operations.file_item(db.session, current_actor(), item, category=category, tags=tags)
        return str(_("จัดเก็บหมวดและป้ายแล้ว"))

    return _done(code, act, back=".bank_filing")


@blueprint.post("/bank/<code>/pictures")
@requires("assessments:item:change")
def bank_add_picture(code: str) -> Any:
    """Keep a picture and put it at the end of the draft's stem, with the words for whoever cannot see it."""
    handed, words = request.files.get("picture"), " ".join(request.form.get("words", "").split())[:300]

    def act(item: Item) -> str:
        name = handed.filename if handed is not None and handed.filename else "picture"
        content = handed.read(operations.MOST_PICTURE_BYTES + 1) if handed is not None else b""
        picture = operations.add_picture(db.session, current_actor(), item, name, content)
        version = queries.version_of(db.session, item)
        if version.status in ("draft", "returned"):
            image = f'<img src="picture:{picture.sha256}" alt="{escape(words)}">'
            document = {**version.document}
            for stem in [name for name in ("stem_th", "stem_en") if document[name]] or ["stem_th"]:
                document[stem] = richtext.cleaned(f"{document[stem]}<p>{image}</p>")
            operations.change_item(db.session, current_actor(), item, document, based_on=version.digest)
        return str(_("เก็บรูปแล้ว"))

    return _done(code, act, back=".bank_filing")


@blueprint.post("/bank/<code>/<any(submit,withdraw,retire,discard):verb>")
@requires("assessments:item:change")
def bank_act(code: str, verb: str) -> Any:
    """Hand in for review, take back, retire, or put a draft away."""

    def act(item: Item) -> str:
        if verb == "submit":
            operations.submit(db.session, current_actor(), item)
            return str(_("ส่งตรวจทานแล้ว เจ้าหน้าที่คนอื่นจะเป็นผู้ตรวจ"))
        if verb == "withdraw":
            operations.withdraw(db.session, current_actor(), item)
            return str(_("ดึงกลับเป็นร่างแล้ว"))
        if verb == "retire":
            operations.retire(db.session, current_actor(), item, reason=request.form.get("reason", "")[:2000])
            return str(_("เลิกใช้ข้อสอบแล้ว"))
        operations.discard(db.session, current_actor(), item)
        return str(_("ทิ้งร่างแล้ว"))

    return _done(code, act)


@blueprint.get("/bank/review")
@requires("assessments:item:review")
def bank_review() -> Any:
    """What waits for a second person."""
    found = queries.waiting_for_review(db.session, current_actor().account_id)
    ways = {row.id: row.path_in(language()) for row in queries.tree(db.session)}
    return render_template("assessments/bank/review.html", waiting=found, ways=ways)


@blueprint.post("/bank/<code>/review")
@requires("assessments:item:review")
def bank_decide(code: str) -> Any:
    """Approve a version or return it with the reason."""
    decision = request.form.get("decision", "")

    def act(item: Item) -> str:
        operations.review(
            db.session, current_actor(), item, decision=decision, note=request.form.get("note", "")[:2000],
            digest=request.form.get("digest", ""),
        )  # fmt: skip
        return str(_("อนุมัติให้ใช้ข้อสอบแล้ว") if decision == "approved" else _("ส่งกลับให้แก้ไขแล้ว"))

    return _done(code, act)


def _done(code: str, act: Callable[[Item], str], back: str = ".bank_item") -> Any:
    """Do it, commit, say so, and go back; a refusal is said on the page it came from."""
    item = queries.item_by_code(db.session, code)
    try:
        words = act(item)
        db.session.commit()
    except Refused as refused:
        if refused.status == 404:
            raise
        db.session.rollback()
        flash(said(refused), "bad")
        return redirect(url_for(back, code=code), 303)
    flash(words, "good")
    there = queries.is_there(db.session, code)
    return redirect(url_for(back, code=code) if there else url_for(".bank"), 303)
