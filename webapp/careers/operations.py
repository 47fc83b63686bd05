"""Changes of the course catalog, each by the commission with its reason and an audit entry that keeps before and after."""

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.audit import Actor
from webapp.careers import queries, rules
from webapp.careers.models import Course, CourseEquivalent, Post
from webapp.errors import Conflict, RuleBroken


def add_course(
    session: Session, actor: Actor, *, code: str, name_th: str, name_en: str = "", institution: str = "",
    external: bool = False, hours: Decimal | None = None, post_code: str = "", reason: str,
) -> Course:  # fmt: skip
    """Add a course to the catalog. Its code must be new."""
    rules.check_reason(reason)
    rules.check_course(rules.CourseFacts(code, name_th, name_en, institution, external))
    if session.scalar(select(Course.id).where(Course.code == code)) is not None:
        raise RuleBroken("มีหลักสูตรรหัส %(code)s อยู่แล้ว ใช้รหัสอื่น", code=code)
    course = Course(
        code=code, name_th=name_th, name_en=name_en, institution=institution, external=external, hours=hours,
        post_id=_post_id(session, post_code), curriculum={},
    )  # fmt: skip
    session.add(course)
    session.flush()
    audit.append(session, actor, "careers:course:add", "course", code, after=as_told(course), reason=reason)
    return course


def change_course(
    session: Session, actor: Actor, course: Course, *, seen: str, name_th: str, name_en: str, institution: str,
    external: bool, hours: Decimal | None, post_code: str, reason: str,
) -> Course:  # fmt: skip
    """Change what the catalog says of a course; ``seen`` is the fingerprint of what the editor had before them."""
    rules.check_reason(reason)
    rules.check_course(rules.CourseFacts(course.code, name_th, name_en, institution, external))
    before = as_told(course)
    _as_seen(before, seen)
    course.name_th, course.name_en, course.institution = name_th, name_en, institution
    course.external, course.hours, course.post_id = external, hours, _post_id(session, post_code)
    session.flush()
    audit.append(
        session, actor, "careers:course:change", "course", course.code, before=before, after=as_told(course),
        reason=reason,
    )  # fmt: skip
    return course


def retire_course(session: Session, actor: Actor, course: Course, *, reason: str) -> Course:
    """Take a course out of use from today. Training already recorded in it keeps counting."""
    rules.check_reason(reason)
    if course.retired_on is not None:
        raise _changed_meanwhile()
    course.retired_on = clock.today()
    session.flush()
    audit.append(
        session, actor, "careers:course:retire", "course", course.code, after={"retired_on": course.retired_on.isoformat()},
        reason=reason,
    )  # fmt: skip
    return course


def resume_course(session: Session, actor: Actor, course: Course, *, reason: str) -> Course:
    """Put a retired course back into use."""
    rules.check_reason(reason)
    if course.retired_on is None:
        raise _changed_meanwhile()
    before = {"retired_on": course.retired_on.isoformat()}
    course.retired_on = None
    session.flush()
    audit.append(session, actor, "careers:course:resume", "course", course.code, before=before, reason=reason)
    return course


def accept_equivalent(
    session: Session, actor: Actor, course: Course, *, equivalent_code: str, accepting_body: str, resolution: str,
    valid_from: dt.date | None = None, valid_until: dt.date | None = None, reason: str,
) -> CourseEquivalent:  # fmt: skip
    """Record that another course is accepted in place of this one."""
    rules.check_reason(reason)
    acceptance = rules.Acceptance(course.code, equivalent_code, accepting_body, resolution, valid_from, valid_until)
    rules.check_acceptance(acceptance, standing=queries.standing_pairs(session))
    accepted = CourseEquivalent(
        course_id=course.id, equivalent_id=queries.course(session, equivalent_code).id, accepting_body=accepting_body,
        resolution=resolution, reason=reason, valid_from=valid_from, valid_until=valid_until,
    )  # fmt: skip
    session.add(accepted)
    session.flush()
    audit.append(
        session, actor, "careers:equivalent:accept", "course", course.code,
        after={"equivalent": equivalent_code, **acceptance_as_told(accepted)}, reason=reason,
    )  # fmt: skip
    return accepted


def change_equivalent(
    session: Session, actor: Actor, accepted: CourseEquivalent, *, seen: str, accepting_body: str, resolution: str,
    valid_from: dt.date | None, valid_until: dt.date | None, reason: str,
) -> CourseEquivalent:  # fmt: skip
    """Change who accepted it, the resolution or the validity; what stood before, and why, stays in the audit log."""
    rules.check_reason(reason)
    codes = (accepted.course.code, accepted.equivalent.code)
    rules.check_acceptance(
        rules.Acceptance(*codes, accepting_body, resolution, valid_from, valid_until), standing=frozenset()
    )
    before = acceptance_as_told(accepted)
    _as_seen(before, seen)
    accepted.accepting_body, accepted.resolution = accepting_body, resolution
    accepted.valid_from, accepted.valid_until = valid_from, valid_until
    session.flush()
    audit.append(
        session, actor, "careers:equivalent:change", "course", codes[0], before={"equivalent": codes[1], **before},
        after={"equivalent": codes[1], **acceptance_as_told(accepted)}, reason=reason,
    )  # fmt: skip
    return accepted


def withdraw_equivalent(session: Session, actor: Actor, accepted: CourseEquivalent, *, reason: str) -> CourseEquivalent:
    """Withdraw an acceptance from now on; it stays on the page with its reason and counts for nobody any more."""
    rules.check_reason(reason)
    accepted.withdrawn_at, accepted.withdrawn_reason = clock.now(), reason
    session.flush()
    audit.append(
        session, actor, "careers:equivalent:withdraw", "course", accepted.course.code,
        before={"equivalent": accepted.equivalent.code, **acceptance_as_told(accepted)}, reason=reason,
    )  # fmt: skip
    return accepted


def as_told(course: Course) -> dict[str, Any]:
    """A course as the audit log and the guard against stale edits read it."""
    return {
        "code": course.code, "name_th": course.name_th, "name_en": course.name_en, "institution": course.institution,
        "external": course.external, "hours": None if course.hours is None else str(course.hours),
        "post_id": course.post_id, "retired_on": None if course.retired_on is None else course.retired_on.isoformat(),
    }  # fmt: skip


def acceptance_as_told(accepted: CourseEquivalent) -> dict[str, Any]:
    """An acceptance as the audit log and the guard against stale edits read it."""
    return {
        "accepting_body": accepted.accepting_body, "resolution": accepted.resolution, "reason": accepted.reason,
        "valid_from": None if accepted.valid_from is None else accepted.valid_from.isoformat(),
        "valid_until": None if accepted.valid_until is None else accepted.valid_until.isoformat(),
    }  # fmt: skip


def fingerprint(values: dict[str, Any]) -> str:
    """What a form carries along, so that an edit of something that has changed since can be told."""
    return audit.values_digest("", values, "")


def _as_seen(present: dict[str, Any], seen: str) -> None:
    if fingerprint(present) != seen:
        raise _changed_meanwhile()


def _post_id(session: Session, code: str) -> int | None:
    if not code:
        return None
    found = session.scalar(select(Post.id).where(Post.code == code))
    if found is None:
        raise RuleBroken("ไม่พบตำแหน่งรหัส %(code)s", code=code)
    return found


def _changed_meanwhile() -> Conflict:
    return Conflict("มีผู้แก้ไขรายการนี้ก่อนท่าน กรุณาเปิดหน้านี้ใหม่ ตรวจค่าปัจจุบัน แล้วแก้ไขอีกครั้ง")
