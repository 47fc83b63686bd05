"""Home of those who watch and keep the system: auditor, administrator."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp import clock, thai
from webapp.accounts.models import Account
from webapp.audit import AuditEntry, AuditOpening, head_of
from webapp.home.tasks import Task
from webapp.jobs.models import Job
from webapp.notices.models import OutboxMail

SENSITIVE: dict[str, Any] = {
    "officers:national-id:view": _l("ดูเลขประจำตัวประชาชนเต็ม"),
    "officers:fact:void": _l("ยกเลิกข้อมูลของข้าราชการ"),
    "officers:fact:correct": _l("แก้ไขข้อมูลของข้าราชการ"),
    "officers:officer:change": _l("แก้ไขข้อมูลทั่วไปของข้าราชการ"),
    "coaching:session:withdraw": _l("ถอนบันทึกการสอนงาน"),
    "assessments:score:correct": _l("แก้ไขคะแนน"),
    "assessments:score:withdraw": _l("ถอนคะแนน"),
    "assessments:plan:put-in-force": _l("ประกาศใช้แผนการประเมิน"),
    "shortlist:tie:decide": _l("ตัดสินคะแนนเท่ากัน"),
    "shortlist:discretion:use": _l("ใช้ดุลยพินิจ"),
    "shortlist:run:publish": _l("เผยแพร่รายชื่อ"),
    "shortlist:run:supersede": _l("แทนรายชื่อที่เผยแพร่แล้ว"),
    "accounts:account:change": _l("เปลี่ยนบัญชีหรือบทบาท"),
}
"""Acts an auditor looks at first (ours): they open what is hidden, or change what was decided."""

LOOK_BACK = dt.timedelta(days=30)
"""How long a failed job or mail stays a task (ours)."""


@dataclass(frozen=True)
class Watch:
    """The audit log at a glance."""

    length: int
    head: str
    checked_at: dt.datetime | None
    acts: list[dict[str, Any]]


def watch(session: Session) -> Watch:
    """How long the chain is, when it was last walked as a job, and the last sensitive acts."""
    length, head = head_of(session)
    checked = session.scalar(select(func.max(Job.finished_at)).where(Job.kind == "audit-verify", Job.status == "done"))
    if isinstance(checked, str):
        checked = dt.datetime.fromisoformat(checked).replace(tzinfo=dt.UTC)
    rows = session.execute(
        select(AuditEntry, AuditOpening.reason)
        .outerjoin(AuditOpening, AuditOpening.entry_id == AuditEntry.id)
        .where(AuditEntry.action.in_(list(SENSITIVE)))
        .order_by(AuditEntry.id.desc())
        .limit(10)
    )
    acts = [
        {
            "title": SENSITIVE[entry.action], "who": entry.actor_name, "when": thai.moment(entry.at), "note": reason or "",
            "key": entry.thing_key, "url": url_for("trail.entry", entry_id=entry.id),
        }
        for entry, reason in rows
    ]  # fmt: skip
    return Watch(length, head, checked, acts)


def administrator_tasks(session: Session) -> list[Task]:
    """Accounts nobody has entered yet, jobs and mails that failed."""
    since = clock.now() - LOOK_BACK
    tasks = []
    waiting = session.scalar(select(func.count(Account.id)).where(Account.active, Account.password.is_(None))) or 0
    if waiting:
        title = _("บัญชีที่ยังไม่เคยเข้าใช้ %(count)s บัญชี", count=waiting)
        tasks.append(Task(title, url_for("accounts.accounts", state="waiting"), _("ส่งคำเชิญอีกครั้งหรือตรวจอีเมล")))
    jobs = session.scalar(select(func.count(Job.id)).where(Job.status == "failed", Job.asked_at >= since)) or 0
    if jobs:
        tasks.append(Task(_("งานเบื้องหลังที่ไม่สำเร็จ %(count)s งาน", count=jobs), url_for("jobs.jobs"), waits=True))
    mails = session.scalar(
        select(func.count(OutboxMail.id)).where(OutboxMail.sent_at.is_(None), OutboxMail.failed != "", OutboxMail.created_at >= since)
    ) or 0  # fmt: skip
    if mails:
        tasks.append(Task(_("อีเมลที่ส่งไม่ได้ %(count)s ฉบับ", count=mails), url_for("notices.mails"), waits=True))
    return tasks


def account_counts(session: Session) -> dict[str, int]:
    """Accounts in all, open ones, and those never entered."""
    total, opened, waiting = session.execute(
        select(
            func.count(Account.id), func.count(Account.id).filter(Account.active, Account.password.is_not(None)),
            func.count(Account.id).filter(Account.active, Account.password.is_(None)),
        )
    ).one()  # fmt: skip
    return {"total": total, "open": opened, "waiting": waiting}
