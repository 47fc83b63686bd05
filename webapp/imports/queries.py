"""Reads about imports: the history a reader may see, what a run changed and created."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.accounts.permissions import PERMISSIONS, may
from webapp.errors import NotFound
from webapp.files.models import StoredFile
from webapp.imports.kinds import KINDS, ROSTER
from webapp.imports.kinds.kind import FactKind
from webapp.imports.models import ImportChange, ImportRun
from webapp.officers.models import Officer

READERS_OF_ALL = frozenset({"auditor", "institute"})
"""The auditor reads every import; the institute answers for rosters, which hold all kinds."""


def kinds_of(roles: frozenset[str]) -> list[str]:
    """The kinds that somebody holding ``roles`` may bring in, the whole roster first."""
    names = [ROSTER, *KINDS]
    return [name for name in names if f"imports:{name}:upload" in PERMISSIONS and may(roles, f"imports:{name}:upload")]


def _seen(roles: frozenset[str]) -> Any:
    query = select(ImportRun)
    return query if roles & READERS_OF_ALL else query.where(ImportRun.kind.in_(kinds_of(roles)))


def runs_page(
    session: Session, roles: frozenset[str], *, words: str, kind: str, status: str, limit: int, offset: int
) -> tuple[list[ImportRun], int]:
    """The newest imports first, and how many there are."""
    query = _seen(roles)
    if words:
        like = f"%{words}%"
        query = query.where(ImportRun.file_name.ilike(like) | ImportRun.uploaded_by.ilike(like))
    if kind:
        query = query.where(ImportRun.kind == kind)
    if status:
        query = query.where(ImportRun.status == status)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.scalars(query.order_by(ImportRun.id.desc()).limit(limit).offset(offset))
    return list(rows), total


def run_seen_by(session: Session, roles: frozenset[str], run_id: int) -> ImportRun:
    """One import, if the reader may see it. Raises ``NotFound``."""
    run = session.scalar(_seen(roles).where(ImportRun.id == run_id))
    if run is None:
        raise NotFound()
    return run


def file_of(session: Session, run: ImportRun) -> StoredFile:
    """The file that was uploaded. Raises ``NotFound`` for one that came by command, which is not kept."""
    file = session.get(StoredFile, run.file_id) if run.file_id else None
    if file is None:
        raise NotFound()
    return file


def changes_page(session: Session, run: ImportRun, *, limit: int, offset: int) -> tuple[list[ImportChange], int]:
    """The existing rows that the import changed, in order."""
    query = select(ImportChange).where(ImportChange.import_id == run.id)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    return list(session.scalars(query.order_by(ImportChange.id).limit(limit).offset(offset))), total


def fact_kinds() -> dict[str, FactKind]:
    """The kinds whose single records can be corrected or voided."""
    return {name: kind for name, kind in KINDS.items() if isinstance(kind, FactKind)}


def facts_page(
    session: Session, kind: FactKind, run: ImportRun, *, limit: int, offset: int
) -> tuple[list[dict[str, Any]], int]:
    """The standing records of a kind that the import last wrote, by officer."""
    query = kind.statement().where(kind.model.import_id == run.id)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.execute(query.order_by(Officer.officer_no, kind.model.id).limit(limit).offset(offset))
    return [named(kind, row) for row in rows], total


def named(kind: FactKind, row: Any) -> dict[str, Any]:
    """A row of a kind's statement by the names of the file's columns, with its id."""
    names = [one.name for one in (*kind.key_fields, *kind.fields)]
    return {"id": row[0], **dict(zip(names, row[1:], strict=True))}


def fact_counts(session: Session, run: ImportRun) -> dict[str, int]:
    """Per kind, how many standing records the import last wrote."""
    counts = {}
    for name, kind in fact_kinds().items():
        query = select(func.count()).select_from(kind.model)
        number = session.scalar(query.where(kind.model.import_id == run.id, kind.model.voided_at.is_(None)))
        if number:
            counts[name] = number
    return counts


def standing_fact(session: Session, kind: FactKind, fact_id: int) -> dict[str, Any] | None:
    """The record by the names of the file's columns, if it stands."""
    row = session.execute(kind.statement().where(kind.model.id == fact_id)).first()
    return None if row is None else named(kind, row)


def fact(session: Session, kind: FactKind, fact_id: int) -> Any:
    """The record's own row, standing or voided. Raises ``NotFound``."""
    found = session.get(kind.model, fact_id)
    if found is None:
        raise NotFound()
    return found


def officer_of(session: Session, found: Any) -> Officer:
    """Whom a record is about."""
    return session.get_one(Officer, found.officer_id)


def history_of(session: Session, kind: FactKind, found: Any) -> list[Any]:
    """The record and every one it replaced, the newest first."""
    rows = session.scalars(
        select(kind.model).where(kind.model.officer_id == found.officer_id).order_by(kind.model.id)
    ).all()
    chain, by_replacement = [found], {row.replaced_by_id: row for row in rows if row.replaced_by_id}
    while chain[-1].id in by_replacement:
        chain.append(by_replacement[chain[-1].id])
    return chain


def names(session: Session) -> dict[str, dict[str, tuple[str, str]]]:
    """Column → code → (Thai, English) name, of the codes that pages show by name."""
    from webapp.careers.models import Competency, Course, PositionLevel, Post, Section, Unit

    named_by = {
        "post_code": select(Post.code, Post.name_th, Post.name_en),
        "unit_code": select(Unit.code, Unit.name_th, Unit.name_en),
        "section": select(Section.code, Section.name_th, Section.name_en),
        "course_code": select(Course.code, Course.name_th, Course.name_en),
        "competency": select(Competency.code, Competency.name_th, Competency.name_en),
    }
    found = {
        column: {row[0]: (row[1], row[2]) for row in session.execute(statement)}
        for column, statement in named_by.items()
    }
    levels = session.execute(
        select(PositionLevel.position_type, PositionLevel.level, PositionLevel.name_th, PositionLevel.name_en)
    ).all()
    found["level"] = {f"{row[0]}/{row[1]}": (row[2], row[3]) for row in levels}
    return found
