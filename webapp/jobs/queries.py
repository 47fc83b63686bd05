"""Reads about jobs: one's own; an auditor sees all, an administrator all without content."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.permissions import may
from webapp.audit import Actor
from webapp.errors import NotFound
from webapp.files.models import StoredFile
from webapp.jobs.kinds import NEEDS
from webapp.jobs.models import Job

READERS_OF_ALL = frozenset({"auditor", "administrator"})


def job_seen_by(session: Session, actor: Actor, job_id: int) -> Job:
    """The job, if it is the actor's own or the actor reads all. Raises ``NotFound``."""
    job = session.get(Job, job_id)
    if job is None or not (job.asked_by_id == actor.account_id or actor.roles & READERS_OF_ALL):
        raise NotFound()
    return job


def jobs_seen_by(session: Session, actor: Actor, *, limit: int, offset: int) -> tuple[list[Job], bool]:
    """The newest jobs the actor may see, and whether there are more."""
    query = select(Job).order_by(Job.id.desc()).limit(limit + 1).offset(offset)
    if not actor.roles & READERS_OF_ALL:
        query = query.where(Job.asked_by_id == actor.account_id)
    rows = list(session.scalars(query))
    return rows[:limit], len(rows) > limit


def may_take(actor: Actor, job: Job) -> bool:
    """Whether the actor may see what came of the job: their own while they hold its right still, and an auditor."""
    return "auditor" in actor.roles or (job.asked_by_id == actor.account_id and may(actor.roles, NEEDS[job.kind]))


def file_of(session: Session, actor: Actor, job: Job) -> StoredFile:
    """What a job made, for whoever asked for it or an auditor. Raises ``NotFound``."""
    file = session.get(StoredFile, job.file_id) if job.file_id and may_take(actor, job) else None
    if file is None:
        raise NotFound()
    return file
