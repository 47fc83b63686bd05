"""Pages of a profile's versions: the list, a new draft, the draft's table of contents, publication, comparison, paper."""

from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _

from webapp.accounts.access import current_actor, may_any, requires
from webapp.careers import queries as careers
from webapp.careers.pages import READ, blueprint
from webapp.careers.profiles import forms, operations, paper, queries, rules, words
from webapp.careers.profiles.differences import differences
from webapp.careers.profiles.pages import CHANGE, DRAFT, carried_out, draft_at, shown, version_at
from webapp.database import db

CONTENTS = (
    "version",
    "duties",
    "nature",
    "characteristics",
    "competencies",
    "criteria",
    "course",
    "entry",
    "development",
)


@blueprint.get("/posts/<path:code>/profiles")
@requires(READ)
def profile_versions(code: str) -> Any:
    """All versions of a post's profile: who drafted, published or withdrew each, and when."""
    post = careers.post(db.session, code)
    rows = queries.versions(db.session, post.id, drafts=may_any(DRAFT))
    return shown("versions", post=post, rows=rows, has_draft=any(row.status == "draft" for row in rows))


@blueprint.route("/posts/<path:code>/profiles/new", methods=["GET", "POST"])
@requires(CHANGE)
def start_draft(code: str) -> Any:
    """A new draft, from a published version or from nothing."""
    post = careers.post(db.session, code)
    published = queries.versions(db.session, post.id, drafts=False)
    form = forms.StartForm()
    form.based_on.choices = [
        *((str(row.version), _("ฉบับที่ %(version)s ที่เผยแพร่แล้ว", version=row.version)) for row in published),
        ("0", _("แบบสังเขปฯ ว่าง")),
    ]
    if not form.based_on.data:
        form.based_on.data = form.based_on.choices[0][0]
    if form.validate_on_submit():
        based_on = int(form.based_on.data) or None
        answer = carried_out(
            form,
            lambda: operations.start_draft(
                db.session, current_actor(), post, based_on=based_on, reason=form.reason.data or ""
            ),
            _("เริ่มร่างแล้ว แก้ไขทีละส่วนได้"),
            lambda draft: url_for("careers.draft", code=code, version=draft.version),
        )
        if answer:
            return answer
    return shown("start", form, post=post, open_draft=queries.open_draft(db.session, post.id))


@blueprint.get("/posts/<path:code>/profiles/<int:version>/edit")
@requires(CHANGE)
def draft(code: str, version: int) -> Any:
    """The draft's table of contents: each part, what it still lacks, and what comes next."""
    post, profile = draft_at(code, version)
    document = profile.document
    lacks = rules.lacks(document, profile.reason, queries.known(db.session))
    counts = {part: len(document.get(part) or ()) for part in (*rules.TEXT_PARTS, "competencies")}
    return shown(
        "draft", post=post, profile=profile, contents=CONTENTS, lacks=lacks, counts=counts,
        wrote=rules.wrote(profile.editors, current_actor().account_id), address=part_address,
    )  # fmt: skip


def part_address(post_code: str, version: int, part: str, key: str = "") -> str:
    """Where a part of a draft is edited, down to a criterion or a competency."""
    at: dict[str, Any] = {"code": post_code, "version": version}
    if part == "version":
        return url_for("careers.change_version_reason", **at)
    if part == "course":
        return url_for("careers.choose_course", **at)
    if part == "competencies":
        return url_for("careers.change_expected", competency=key, **at) if key else url_for("careers.expected", **at)
    if part in rules.TREES:
        if key:
            return url_for("careers.change_criterion", part=part, node_id=key, **at)
        return url_for("careers.criteria_outline", part=part, **at)
    return url_for("careers.draft_texts", part=part, **at)


@blueprint.route("/posts/<path:code>/profiles/<int:version>/edit/reason", methods=["GET", "POST"])
@requires(CHANGE)
def change_version_reason(code: str, version: int) -> Any:
    """What the version changes, and why."""
    post, profile = draft_at(code, version)
    form = forms.VersionReasonForm(data={"seen": operations.seen_of(profile.reason), "reason": profile.reason})
    if form.validate_on_submit():
        answer = carried_out(
            form,
            lambda: operations.change_reason(
                db.session, current_actor(), profile, seen=form.seen.data or "", reason=form.reason.data or ""
            ),
            _("บันทึกเหตุผลของฉบับแล้ว"),
            lambda _outcome: url_for("careers.draft", code=code, version=version),
        )
        if answer:
            return answer
    return shown("version_reason", form, post=post, version=version)


@blueprint.route("/posts/<path:code>/profiles/<int:version>/publish", methods=["GET", "POST"])
@requires(CHANGE)
def publish_draft(code: str, version: int) -> Any:
    """Put a draft in force; what it lacks is listed with where to put it right."""
    post, profile = draft_at(code, version)
    form = forms.PublishForm(data={"seen": operations.seen_of(profile.document)})
    if form.validate_on_submit():
        answer = carried_out(
            form,
            lambda: operations.publish(
                db.session, current_actor(), profile, seen=form.seen.data or "", note=form.note.data or ""
            ),
            _("เผยแพร่แบบสังเขปฯ ฉบับที่ %(version)s แล้ว", version=version),
            lambda _outcome: url_for("careers.profile", code=code, version=version),
        )
        if answer:
            return answer
    profile = queries.version_of(db.session, post.id, version, drafts=True)
    lacks = rules.lacks(profile.document, profile.reason, queries.known(db.session))
    before = careers.published_profile(db.session, post.id)
    return shown(
        "publish", form, post=post, profile=profile, lacks=lacks, address=part_address, before=before,
        labels=_labels(profile.document),
        wrote=rules.wrote(profile.editors, current_actor().account_id),
    )  # fmt: skip


def _labels(document: dict[str, Any]) -> dict[str, str]:
    """What criteria and competencies of a draft are called, by their key."""
    from webapp.careers.profiles import trees

    named = {
        row.node["id"]: row.node
        for part in rules.TREES.values()
        if document.get(part)
        for row in trees.outline(document[part])
    }
    told = {key: words.in_language(node) or str(words.KINDS.get(node["kind"], "")) for key, node in named.items()}
    return told | {row.code: words.in_language(row) for row in careers.competencies(db.session)}


@blueprint.route("/posts/<path:code>/profiles/<int:version>/withdraw", methods=["GET", "POST"])
@requires(CHANGE)
def withdraw_draft(code: str, version: int) -> Any:
    """Give up a draft, with the reason."""
    post, profile = draft_at(code, version)
    form = forms.ReasonOnlyForm()
    if form.validate_on_submit():
        answer = carried_out(
            form,
            lambda: operations.withdraw(db.session, current_actor(), profile, reason=form.reason.data or ""),
            _("ถอนร่างแล้ว"),
            lambda _outcome: url_for("careers.profile_versions", code=code),
        )
        if answer:
            return answer
    return shown("withdraw", form, post=post, version=version)


@blueprint.get("/posts/<path:code>/profiles/<int:version>/compare")
@requires(READ)
def compare_versions(code: str, version: int) -> Any:
    """Two versions side by side: what was added, removed and changed, part by part."""
    post, profile = version_at(code, version)
    others = [row for row in queries.versions(db.session, post.id, drafts=may_any(DRAFT)) if row.version != version]
    asked = request.args.get("with", type=int)
    base = asked or profile.based_on
    before = next((row for row in others if row.version == base), None)
    if before is None:
        before = next((row for row in others if row.version < version), others[-1] if others else None)
    found = differences(before.document, profile.document) if before else {}
    return shown(
        "compare", post=post, profile=profile, before=before, others=others, found=found,
        names=queries.names_for_criteria(db.session), levels=careers.level_names(db.session),
        labels=_labels(profile.document) | (_labels(before.document) if before else {}),
    )  # fmt: skip


@blueprint.get("/posts/<path:code>/profiles/<int:version>.pdf")
@requires(READ)
def profile_paper(code: str, version: int) -> Response:
    """The profile on paper, in the form staff know."""
    post, profile = version_at(code, version)
    content = paper.pdf(db.session, post, profile)
    answer = Response(content, mimetype="application/pdf")
    name = f"job-profile-{post.code}-{version}.pdf".replace("/", "-")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
