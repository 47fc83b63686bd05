"""Evidence that stands beside a profile, and the register of remarks with the answers that stand."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from webapp.careers.profiles.models import BodyRemark, Evidence, RemarkAnswer
from webapp.errors import NotFound


def standing_evidence(session: Session, post_id: int) -> dict[str, list[Evidence]]:
    """By kind, the evidence of a post that stands: replaced by nothing and not withdrawn; newest first."""
    later = aliased(Evidence)
    query = (
        select(Evidence)
        .outerjoin(later, later.replaces_id == Evidence.id)
        .where(Evidence.post_id == post_id, later.id.is_(None), Evidence.withdrawn.is_(False))
        .order_by(Evidence.held_on.desc(), Evidence.id.desc())
    )
    found: dict[str, list[Evidence]] = {}
    for row in session.scalars(query):
        found.setdefault(row.kind, []).append(row)
    return found


def evidence(session: Session, post_id: int, number: int) -> Evidence:
    """One entry of a post's evidence. Raises ``NotFound``."""
    found = session.scalar(select(Evidence).where(Evidence.id == number, Evidence.post_id == post_id))
    if found is None:
        raise NotFound()
    return found


def history(session: Session, entry: Evidence) -> list[Evidence]:
    """An entry and everything it replaces, newest first."""
    rows = {row.id: row for row in session.scalars(select(Evidence).where(Evidence.post_id == entry.post_id))}
    chain = [entry]
    while chain[-1].replaces_id is not None:
        chain.append(rows[chain[-1].replaces_id])
    return chain


Register = list[tuple[BodyRemark, RemarkAnswer | None]]


def register(session: Session, post_code: str = "") -> Register:
    """Every remark with the answer that stands, in the order of the meetings; those of one post or of all."""
    answers = _standing(session.scalars(select(RemarkAnswer).order_by(RemarkAnswer.id)))
    rows = session.scalars(select(BodyRemark).order_by(BodyRemark.position, BodyRemark.code))
    return [(row, answers.get(row.code)) for row in rows if not post_code or not row.posts or post_code in row.posts]


def _standing(rows: Iterable[RemarkAnswer]) -> dict[str, RemarkAnswer]:
    return {row.remark_code: row for row in rows}


def remark(session: Session, code: str) -> BodyRemark:
    """A remark of the register. Raises ``NotFound``."""
    found = session.get(BodyRemark, code)
    if found is None:
        raise NotFound()
    return found


def answers(session: Session, code: str) -> list[RemarkAnswer]:
    """All answers to a remark, newest first."""
    query = select(RemarkAnswer).where(RemarkAnswer.remark_code == code)
    return list(session.scalars(query.order_by(RemarkAnswer.id.desc())))
