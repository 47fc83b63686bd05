"""Pages of the evidence beside a profile and of the register of resolutions and remarks."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from webapp.accounts.access import current_actor, may_any, requires
from webapp.careers import queries as careers
from webapp.careers.pages import READ, blueprint
from webapp.careers.profiles import evidence_operations, evidence_queries, forms, queries, words
from webapp.careers.profiles.pages import CHANGE, DRAFT, carried_out, shown
from webapp.database import db
from webapp.errors import NotFound

TOLD = ("title", "held_on", "who", "part", "summary", "quote", "answer", "link")


@blueprint.get("/posts/<path:code>/evidence")
@requires(READ)
def evidence(code: str) -> Any:
    """What a post's profile rests on: the problem it answers, interviews, surveys, consultations, and remarks answered."""
    post = careers.post(db.session, code)
    return shown(
        "evidence", post=post, found=evidence_queries.standing_evidence(db.session, post.id),
        register=evidence_queries.register(db.session, post.code), sees_names=may_any(DRAFT),
    )  # fmt: skip


@blueprint.route("/posts/<path:code>/evidence/add/<kind>", methods=["GET", "POST"])
@requires(CHANGE)
def add_evidence(code: str, kind: str) -> Any:
    """Add a piece of evidence."""
    post = careers.post(db.session, code)
    if kind not in words.EVIDENCE:
        raise NotFound()
    form = _evidence_form(post.id)
    del form.reason
    if form.validate_on_submit():
        answer = carried_out(
            form,
            lambda: evidence_operations.add_evidence(
                db.session, current_actor(), post, kind=kind, values=_evidence_values(form)
            ),
            _("บันทึกหลักฐานแล้ว"),
            lambda _entry: url_for("careers.evidence", code=code, _anchor=kind),
        )
        if answer:
            return answer
    return shown("evidence_form", form, post=post, kind=kind, entry=None, history=[])


@blueprint.route("/posts/<path:code>/evidence/<int:number>/edit", methods=["GET", "POST"])
@requires(CHANGE)
def correct_evidence(code: str, number: int) -> Any:
    """Correct a piece of evidence; what stood before stays in its history."""
    post = careers.post(db.session, code)
    entry = evidence_queries.evidence(db.session, post.id, number)
    kind = entry.kind
    data = {name: getattr(entry, name) for name in TOLD}
    form = _evidence_form(post.id, data={**data, "profile_version": str(entry.profile_version or "")})
    history = evidence_queries.history(db.session, entry)
    if form.validate_on_submit():
        answer = carried_out(
            form,
            lambda: evidence_operations.correct_evidence(
                db.session, current_actor(), post, entry, values=_evidence_values(form), reason=form.reason.data or ""
            ),
            _("บันทึกการแก้ไขหลักฐานแล้ว"),
            lambda _entry: url_for("careers.evidence", code=code, _anchor=kind),
        )
        if answer:
            return answer
    return shown("evidence_form", form, post=post, kind=kind, entry=entry, history=history)


@blueprint.route("/posts/<path:code>/evidence/<int:number>/withdraw", methods=["GET", "POST"])
@requires(CHANGE)
def withdraw_evidence(code: str, number: int) -> Any:
    """Withdraw a piece of evidence, with the reason."""
    post = careers.post(db.session, code)
    entry = evidence_queries.evidence(db.session, post.id, number)
    form = forms.ReasonOnlyForm()
    if form.validate_on_submit():
        answer = carried_out(
            form,
            lambda: evidence_operations.withdraw_evidence(
                db.session, current_actor(), post, entry, reason=form.reason.data or ""
            ),
            _("ยกเลิกหลักฐานแล้ว"),
            lambda _entry: url_for("careers.evidence", code=code),
        )
        if answer:
            return answer
    return shown("evidence_withdraw", form, post=post, entry=entry)


def _evidence_form(post_id: int, **given: Any) -> forms.EvidenceForm:
    form = forms.EvidenceForm(**given)
    rows = queries.versions(db.session, post_id, drafts=True)
    form.profile_version.choices = [("", _("ไม่เจาะจงฉบับ")), *((str(row.version), str(row.version)) for row in rows)]
    return form


def _evidence_values(form: forms.EvidenceForm) -> dict[str, Any]:
    values = {name: form[name].data or "" for name in TOLD if name != "held_on"}
    version = form.profile_version.data
    return {**values, "held_on": form.held_on.data, "profile_version": int(version) if version else None}


# The register of resolutions and remarks -----------------------------------------------------------------------------


@blueprint.get("/remarks")
@requires(READ)
def remarks() -> Any:
    """The resolutions and remarks of the bodies, with what was done about each."""
    found = evidence_queries.register(db.session)
    counts = {
        key: sum(1 for _row, answer in found if (answer.status if answer else "open") == key) for key in words.ANSWERS
    }
    return shown("remarks", register=found, counts=counts)


@blueprint.get("/remarks/<code>")
@requires(READ)
def remark(code: str) -> Any:
    """One remark: its words, its source, and every answer to it, the present one first."""
    found = evidence_queries.remark(db.session, code)
    names = careers.posts_of_codes(db.session, found.posts)
    return shown("remark", remark=found, answers=evidence_queries.answers(db.session, code), posts=names)


@blueprint.route("/remarks/new", methods=["GET", "POST"])
@requires(CHANGE)
def add_remark() -> Any:
    """Enter a further resolution or remark."""
    form = forms.RemarkForm()
    form.posts.choices = [(row.code, words.in_language(row)) for row in careers.posts(db.session, kind="target")]
    if form.validate_on_submit():
        names = ("body_th", "body_en", "number", "text_th", "text_en", "source", "source_en")
        values = {name: form[name].data or "" for name in names}
        answer = carried_out(
            form,
            lambda: evidence_operations.add_remark(
                db.session, current_actor(),
                values={**values, "said_on": form.said_on.data, "posts": form.posts.data or []},
            ),
            _("บันทึกมติหรือข้อสังเกตแล้ว"),
            lambda made: url_for("careers.answer_remark", code=made.code),
        )  # fmt: skip
        if answer:
            return answer
    return shown("remark_form", form)


@blueprint.route("/remarks/<code>/answer", methods=["GET", "POST"])
@requires(CHANGE)
def answer_remark(code: str) -> Any:
    """Say what was done about a remark; earlier answers stay."""
    found = evidence_queries.remark(db.session, code)
    before = evidence_queries.answers(db.session, code)
    told = {name: getattr(before[0], name) for name in ("status", "done_th", "done_en", "link")} if before else {}
    form = forms.AnswerForm(data={**told, "seen": str(before[0].id) if before else ""})
    if form.validate_on_submit():
        values = {name: form[name].data or "" for name in ("status", "done_th", "done_en", "link")}
        answer = carried_out(
            form,
            lambda: evidence_operations.answer_remark(
                db.session, current_actor(), found, seen=form.seen.data or "", values=values
            ),
            _("บันทึกสิ่งที่ดำเนินการแล้ว"),
            lambda _entry: url_for("careers.remark", code=code),
        )
        if answer:
            return answer
    return shown("answer", form, remark=evidence_queries.remark(db.session, code))
