"""Drafts of job profiles: begun, edited part by part, published by a second person or withdrawn; each step audited."""

import copy
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.audit import Actor
from webapp.careers.models import Competency, Course, JobProfile, Post
from webapp.careers.operations import fingerprint
from webapp.careers.profiles import queries, rules
from webapp.careers.rules import check_reason
from webapp.errors import Conflict, NotFound, RuleBroken

Document = dict[str, Any]


def seen_of(thing: Any) -> str:
    """The fingerprint of what an editor has in front of them: a part, one text, one criterion, the whole draft."""
    return fingerprint({"thing": thing})


def check_seen(present: Any, seen: str) -> None:
    """Refuse an edit of something that has changed since it was opened."""
    if seen_of(present) != seen:
        raise Conflict("มีผู้แก้ไขส่วนนี้ก่อนท่าน สิ่งที่ท่านพิมพ์ยังอยู่ในหน้านี้ คัดลอกเก็บไว้ แล้วเปิดร่างใหม่เพื่อดูค่าปัจจุบันก่อนแก้ไขอีกครั้ง")


def start_draft(session: Session, actor: Actor, post: Post, *, based_on: int | None, reason: str) -> JobProfile:
    """A new draft: a copy of a published version, or an empty one for a post without a profile."""
    check_reason(reason)
    session.execute(select(Post.id).where(Post.id == post.id).with_for_update())  # two who begin at once: one waits
    if queries.open_draft(session, post.id) is not None:
        raise RuleBroken("ตำแหน่งนี้มีร่างที่ยังไม่เผยแพร่อยู่แล้ว แก้ไขร่างนั้น หรือถอนร่างก่อนจึงเริ่มร่างใหม่ได้")
    if based_on is None:
        document = rules.empty_document(rules.prefix_of(post.code), post.name_th, post.name_en)
    else:
        document = rules.draft_from(queries.version_of(session, post.id, based_on, drafts=False).document)
    last = session.scalar(select(func.max(JobProfile.version)).where(JobProfile.post_id == post.id)) or 0
    profile = JobProfile(
        post_id=post.id, version=last + 1, status="draft", document=document, reason=reason, based_on=based_on,
        drafted_by=actor.label, drafted_at=clock.now(), editors=[],
    )  # fmt: skip
    _note_editor(profile, actor)
    session.add(profile)
    session.flush()
    audit.append(
        session, actor, "careers:profile:draft", "job_profile", _key(post, profile.version),
        after={"based_on": based_on, "document": document}, reason=reason,
    )  # fmt: skip
    return profile


def write(
    session: Session, actor: Actor, profile: JobProfile, action: str, document: Document, *, before: Any, after: Any
) -> None:
    """Keep a changed document in a draft; whoever wrote in it is noted and cannot publish it."""
    if profile.status != "draft":
        raise RuleBroken("ฉบับที่เผยแพร่หรือถอนแล้วแก้ไขไม่ได้ ให้เริ่มร่างฉบับใหม่")
    profile.document = document
    _note_editor(profile, actor)
    session.flush()
    audit.append(
        session, actor, f"careers:profile:{action}", "job_profile", _key(profile.post, profile.version),
        before={"was": before}, after={"is": after},
    )  # fmt: skip


def _note_editor(profile: JobProfile, actor: Actor) -> None:
    others = [row for row in profile.editors if row["account"] != actor.account_id]
    profile.editors = [*others, {"account": actor.account_id, "name": actor.label, "at": clock.now().isoformat()}]


def _key(post: Post, version: int) -> str:
    return f"{post.code}/{version}"


def change_reason(session: Session, actor: Actor, profile: JobProfile, *, seen: str, reason: str) -> None:
    """Say anew what the version changes and why."""
    check_reason(reason)
    check_seen(profile.reason, seen)
    before, profile.reason = profile.reason, reason
    write(session, actor, profile, "change-reason", profile.document, before=before, after=reason)


# Texts: duties, nature of the work, characteristics, development -----------------------------------------------------


def add_text(session: Session, actor: Actor, profile: JobProfile, part: str, *, values: Document) -> None:
    """Add a text at the end of a part."""
    rules.check_text(values)
    document, rows = _copied(profile, part)
    if len(rows) >= rules.MOST_ITEMS:
        raise RuleBroken("ส่วนหนึ่งมีได้ไม่เกิน %(most)s ข้อ", most=rules.MOST_ITEMS)
    rows.append(values)
    write(session, actor, profile, f"add-{part}", document, before=None, after=values)


def change_text(
    session: Session, actor: Actor, profile: JobProfile, part: str, place: int, *, seen: str, values: Document
) -> None:
    """Change one text of a part."""
    rules.check_text(values)
    document, rows = _copied(profile, part)
    before = _at(rows, place)
    check_seen(before, seen)
    rows[place] = values
    write(session, actor, profile, f"change-{part}", document, before=before, after=values)


def move_row(
    session: Session, actor: Actor, profile: JobProfile, part: str, place: int, *, seen: str, down: bool
) -> None:
    """Move a text or a competency one place up or down in its part; ``seen`` is of the whole part."""
    document, rows = _copied(profile, part)
    check_seen(rows, seen)
    _at(rows, place)
    target = place + (1 if down else -1)
    if not 0 <= target < len(rows):
        return
    rows[place], rows[target] = rows[target], rows[place]
    write(session, actor, profile, f"move-{part}", document, before=place, after=target)


def remove_row(session: Session, actor: Actor, profile: JobProfile, part: str, place: int, *, seen: str) -> None:
    """Take a text or a competency out of its part."""
    document, rows = _copied(profile, part)
    before = _at(rows, place)
    check_seen(before, seen)
    rows.pop(place)
    write(session, actor, profile, f"remove-{part}", document, before=before, after=None)


def _copied(profile: JobProfile, part: str) -> tuple[Document, list[Document]]:
    document = copy.deepcopy(profile.document)
    rows: list[Document] = document.setdefault(part, [])
    return document, rows


def _at(rows: Sequence[Document], place: int) -> Document:
    if not 0 <= place < len(rows):
        raise Conflict("ข้อนี้ถูกลบหรือย้ายไปแล้ว กรุณาเปิดร่างใหม่แล้วตรวจอีกครั้ง")
    return rows[place]


# Competencies and the course -----------------------------------------------------------------------------------------


def expect(session: Session, actor: Actor, profile: JobProfile, *, seen: str, values: Document) -> None:
    """Expect a competency at a level, with how it is measured and by whom; a second time changes what is expected.

    ``seen`` is empty for one that is added.
    """
    code = str(values["competency"])
    rules.check_expected(code, int(values["expected_level"]), session.scalars(select(Competency.code)))
    document, rows = _copied(profile, "competencies")
    present = next((n for n, row in enumerate(rows) if row["competency"] == code), None)
    group = session.scalar(select(Competency.group).where(Competency.code == code))
    kept = {name: value for name, value in {**values, "group": group}.items() if value not in ("", None)}
    if present is None:
        if seen:
            raise Conflict("ข้อนี้ถูกลบหรือย้ายไปแล้ว กรุณาเปิดร่างใหม่แล้วตรวจอีกครั้ง")
        rows.append(kept)
        before = None
    else:
        before = rows[present]
        if not seen:
            raise RuleBroken("สมรรถนะนี้อยู่ในร่างแล้ว แก้ไขข้อเดิมแทน")
        check_seen(before, seen)
        rows[present] = kept
    write(session, actor, profile, "expect-competency", document, before=before, after=kept)


def choose_course(session: Session, actor: Actor, profile: JobProfile, *, seen: str, code: str) -> None:
    """Name the course that prepares for the post, or none."""
    check_seen(profile.document.get("course"), seen)
    if code and session.scalar(select(Course.id).where(Course.code == code)) is None:
        raise RuleBroken("ไม่พบหลักสูตรรหัส %(code)s", code=code)
    document = copy.deepcopy(profile.document)
    before, document["course"] = document.get("course"), code or None
    write(session, actor, profile, "choose-course", document, before=before, after=document["course"])


# The end of a draft --------------------------------------------------------------------------------------------------


def publish(session: Session, actor: Actor, profile: JobProfile, *, seen: str, note: str = "") -> JobProfile:
    """Put a draft in force: by somebody who did not write in it, complete, and as it was read.

    The version then keeps the wording of its competencies, and the database refuses every further change of it.
    """
    if profile.status != "draft":
        raise NotFound()
    rules.check_second_person(profile.editors, actor.account_id, actor.label)
    check_seen(profile.document, seen)
    missing = rules.lacks(profile.document, profile.reason, queries.known(session))
    if missing:
        raise RuleBroken("ยังเผยแพร่ไม่ได้ เพราะร่างยังขาด %(count)s รายการที่แสดงในหน้านี้", count=len(missing))
    current = {code: version for code, version in session.execute(select(Competency.code, Competency.version))}  # noqa: C416
    document = copy.deepcopy(profile.document)
    for row in document["competencies"]:
        row["version"] = current[row["competency"]]
    profile.document = document
    profile.published_note = note
    profile.status, profile.published_by, profile.published_at = "published", actor.label, clock.now()
    session.flush()
    audit.append(
        session, actor, "careers:profile:publish", "job_profile", _key(profile.post, profile.version),
        before={"editors": profile.editors}, after={"document": document}, reason=note,
    )  # fmt: skip
    return profile


def withdraw(session: Session, actor: Actor, profile: JobProfile, *, reason: str) -> JobProfile:
    """Give up a draft, with the reason; it stays on the list of versions and in the audit log."""
    check_reason(reason)
    if profile.status != "draft":
        raise NotFound()
    profile.status, profile.withdrawn_by, profile.withdrawn_at = "withdrawn", actor.label, clock.now()
    profile.withdrawn_reason = reason
    session.flush()
    audit.append(
        session, actor, "careers:profile:withdraw", "job_profile", _key(profile.post, profile.version), reason=reason
    )
    return profile
