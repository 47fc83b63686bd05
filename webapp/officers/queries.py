"""Reads of officers and the facts of their service, already by who may see them."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from webapp.careers.models import Course, Post, Qualification, Unit
from webapp.errors import NotFound
from webapp.officers import neighbors, rules
from webapp.officers.models import Delegation, EvidencedWork, Officer, Posting, TrainingRecord

FULL_NAME = Officer.title + Officer.given_name + " " + Officer.family_name


@dataclass(frozen=True)
class Reader:
    """Whoever reads: all officers, those they mentor, or themselves alone."""

    officer_id: int | None
    everything: bool = False
    mentor: bool = False


def officer_of(session: Session, account_id: int) -> int | None:
    """The officer behind an account."""
    return session.scalar(select(Officer.id).where(Officer.account_id == account_id))


def visible_to(reader: Reader, *, listed: bool = False) -> ColumnElement[bool]:
    """Officers the reader may see; ``listed``: find in lists, where one's own page does not count."""
    if reader.everything:
        return Officer.id.is_not(None)
    allowed: list[ColumnElement[bool]] = []
    if reader.officer_id is not None:
        if not listed:
            allowed.append(Officer.id == reader.officer_id)
        if reader.mentor:
            allowed.append(Officer.id.in_(neighbors.officers_mentored_by(reader.officer_id)))
    return or_(*allowed) if allowed else Officer.id.is_(None)


def officer_visible_to(session: Session, reader: Reader, officer_no: str) -> Officer:
    """The officer with qualifications. Raises ``NotFound``, also where they are not the reader's to see."""
    found = session.scalar(
        select(Officer)
        .where(Officer.officer_no == officer_no, visible_to(reader))
        .options(selectinload(Officer.qualifications))
    )
    if found is None:
        raise NotFound()
    return found


def held_on(day: dt.date) -> ColumnElement[bool]:
    """Standing postings held on a day; both ends count."""
    return and_(
        Posting.voided_at.is_(None), Posting.started_on <= day, or_(Posting.ended_on.is_(None), Posting.ended_on >= day)
    )


def serving_on(day: dt.date) -> ColumnElement[bool]:
    """Officers in service on a day (domain.md §3): entered, not past the retirement day, not left."""
    return and_(
        Officer.entry_date <= day,
        Officer.birth_date >= rules.born_to_serve_on(day),
        or_(Officer.left_on.is_(None), Officer.left_on >= day),
    )


def officers_page(
    session: Session, reader: Reader, day: dt.date, *, words: str = "", unit: str = "", post: str = "",
    service: str = "", sort: str = "name", descending: bool = False, limit: int = 50, offset: int = 0,
) -> tuple[list[Officer], int]:  # fmt: skip
    """Officers the reader finds, by the Thai alphabet unless asked otherwise, and how many."""
    where = [visible_to(reader, listed=True)]
    if words:
        found = (FULL_NAME.contains(words, autoescape=True), Officer.name_en.icontains(words, autoescape=True))
        where.append(or_(*found, Officer.officer_no.startswith(words, autoescape=True)))
    if unit or post:
        posting = select(Posting.officer_id).where(held_on(day))
        if unit:
            posting = posting.join(Unit, Unit.id == Posting.unit_id).where(Unit.code == unit)
        if post:
            posting = posting.join(Post, Post.id == Posting.post_id).where(Post.code == post)
        where.append(Officer.id.in_(posting))
    if service:
        where.append(serving_on(day) if service == "in" else ~serving_on(day))
    order: Any = {"name": Officer.sort_key, "number": Officer.officer_no, "entry": Officer.entry_date}[sort]
    query = select(Officer).where(*where).order_by(order.desc() if descending else order, Officer.id)
    total = session.scalar(select(func.count(Officer.id)).where(*where)) or 0
    return list(session.scalars(query.limit(limit).offset(offset))), total


def postings_on(session: Session, officer_ids: Iterable[int], day: dt.date) -> dict[int, list[Posting]]:
    """What each officer holds on a day, substantive postings first, the latest begun first."""
    found: dict[int, list[Posting]] = {}
    rows = session.scalars(
        select(Posting)
        .where(Posting.officer_id.in_(list(officer_ids)), held_on(day))
        .options(joinedload(Posting.post), joinedload(Posting.unit), joinedload(Posting.section))
        .order_by(Posting.acting, Posting.started_on.desc(), Posting.id)
    )
    for row in rows:
        found.setdefault(row.officer_id, []).append(row)
    return found


def postings_of(session: Session, officer_id: int) -> list[Posting]:
    """Every posting, void ones too, latest first."""
    query = select(Posting).where(Posting.officer_id == officer_id)
    query = query.options(joinedload(Posting.post), joinedload(Posting.unit), joinedload(Posting.section))
    return list(session.scalars(query.order_by(Posting.started_on.desc(), Posting.id.desc())))


def delegations_of(session: Session, officer_id: int) -> list[Delegation]:
    """Every delegation, void ones too, latest first."""
    query = select(Delegation).where(Delegation.officer_id == officer_id)
    query = query.options(joinedload(Delegation.unit), joinedload(Delegation.section))
    return list(session.scalars(query.order_by(Delegation.started_on.desc(), Delegation.id.desc())))


def works_of(session: Session, officer_id: int) -> list[EvidencedWork]:
    """Every evidenced work, void ones too, latest first."""
    query = select(EvidencedWork).where(EvidencedWork.officer_id == officer_id)
    return list(session.scalars(query.order_by(EvidencedWork.done_on.desc(), EvidencedWork.id.desc())))


def training_of(session: Session, officer_id: int) -> list[TrainingRecord]:
    """Every training record, void ones too, latest first."""
    query = select(TrainingRecord).where(TrainingRecord.officer_id == officer_id)
    query = query.options(joinedload(TrainingRecord.course))
    return list(session.scalars(query.order_by(TrainingRecord.completed_on.desc(), TrainingRecord.id.desc())))


FACTS: dict[str, type[Posting] | type[Delegation] | type[EvidencedWork] | type[TrainingRecord]] = {
    "posting": Posting,
    "delegation": Delegation,
    "work": EvidencedWork,
    "training": TrainingRecord,
}


def fact_visible_to(session: Session, reader: Reader, kind: str, fact_id: int) -> tuple[Any, Officer]:
    """A fact and its officer. Raises ``NotFound``."""
    model = FACTS[kind]
    row = session.execute(
        select(model, Officer)
        .join(Officer, Officer.id == model.officer_id)
        .where(model.id == fact_id, visible_to(reader))
    ).one_or_none()
    if row is None:
        raise NotFound()
    return row[0], row[1]


def works_to_verify(session: Session, limit: int = 50) -> list[tuple[EvidencedWork, Officer]]:
    """Evidenced works that nobody has verified, oldest entered first."""
    rows = session.execute(
        select(EvidencedWork, Officer)
        .join(Officer, Officer.id == EvidencedWork.officer_id)
        .where(EvidencedWork.voided_at.is_(None), EvidencedWork.verified_on.is_(None))
        .order_by(EvidencedWork.entered_at, EvidencedWork.id)
        .limit(limit)
    )
    return [(work, officer) for work, officer in rows]


# What forms offer ----------------------------------------------------------------------------------------------------


def posts_offered(session: Session) -> Sequence[Post]:
    """Posts, the target posts first, then by name."""
    return session.scalars(select(Post).order_by(case((Post.is_target, 0), else_=1), Post.name_th, Post.code)).all()


def posts_held(session: Session) -> Sequence[Post]:
    """The target posts and those that head a unit: what one looks for by post."""
    query = select(Post).where(or_(Post.is_target, Post.heads_unit))
    return session.scalars(query.order_by(case((Post.is_target, 0), else_=1), Post.name_th, Post.code)).all()


def units_offered(session: Session) -> Sequence[Unit]:
    """Units by code: district offices in their order, then bureaus."""
    return session.scalars(select(Unit).order_by(case((Unit.kind == "district", 0), else_=1), Unit.code)).all()


def courses_offered(session: Session) -> Sequence[Course]:
    """All courses by name."""
    return session.scalars(select(Course).order_by(Course.external, Course.name_th, Course.code)).all()


def qualifications_offered(session: Session) -> Sequence[Qualification]:
    """All qualifications by code."""
    return session.scalars(select(Qualification).order_by(Qualification.code)).all()
