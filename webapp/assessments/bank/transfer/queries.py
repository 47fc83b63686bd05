"""Reads about question files: those brought in, those made, and what an incoming file is compared with."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, defer, selectinload

from webapp.assessments.bank.models import ItemExport, ItemImport, ItemPicture, ItemVersion
from webapp.errors import NotFound
from webapp.files.models import StoredFile


def pictures_by_digest(session: Session, items: Collection[int]) -> dict[str, StoredFile]:
    """The stored pictures of these items."""
    found: dict[str, StoredFile] = {}
    known = list(items)
    for start in range(0, len(known), 500):
        query = select(ItemPicture).where(ItemPicture.item_id.in_(known[start : start + 500]))
        for row in session.scalars(query.options(selectinload(ItemPicture.file)).order_by(ItemPicture.id)):
            found.setdefault(row.sha256, row.file)
    return found


def imports_page(
    session: Session, *, words: str = "", kind: str = "", status: str = "", limit: int = 50, offset: int = 0
) -> tuple[list[ItemImport], int]:
    """Files brought in, newest first; without the list of their items."""
    query = select(ItemImport).options(defer(ItemImport.found))
    if words:
        query = query.where(
            or_(
                ItemImport.file_name.contains(words, autoescape=True),
                ItemImport.uploaded_by.contains(words, autoescape=True),
            )
        )
    if kind:
        query = query.where(ItemImport.format == kind)
    if status:
        query = query.where(ItemImport.status == status)
    total = session.scalar(select(func.count()).select_from(query.with_only_columns(ItemImport.id).subquery())) or 0
    return list(session.scalars(query.order_by(ItemImport.id.desc()).limit(limit).offset(offset))), total


def documents_titled(session: Session, titles: Collection[str]) -> Iterator[dict[str, Any]]:
    """Every document, of any version, that lists call one of these."""
    known = sorted(titles)
    for start in range(0, len(known), 500):
        part = known[start : start + 500]
        query = select(ItemVersion.document).where(ItemVersion.title.in_(part)).order_by(ItemVersion.id)
        yield from session.scalars(query)


def earlier_import(session: Session, run: ItemImport) -> ItemImport | None:
    """The last time this very file was brought in, if it was."""
    query = select(ItemImport).where(
        ItemImport.file_sha256 == run.file_sha256, ItemImport.status == "applied", ItemImport.id < run.id
    )
    return session.scalar(query.options(defer(ItemImport.found)).order_by(ItemImport.id.desc()).limit(1))


def imports_to_confirm(session: Session, account_id: int | None) -> Sequence[ItemImport]:
    """Files that were looked at and wait for their uploader, newest first."""
    query = select(ItemImport).where(ItemImport.status == "checked", ItemImport.uploaded_by_id == account_id)
    return session.scalars(query.options(defer(ItemImport.found)).order_by(ItemImport.id.desc()).limit(5)).all()


def import_by_id(session: Session, run_id: int) -> ItemImport:
    """One file brought in. Raises ``NotFound``."""
    found = session.get(ItemImport, run_id)
    if found is None:
        raise NotFound()
    return found


def export_by_id(session: Session, export_id: int) -> ItemExport:
    """One file that was made, with it. Raises ``NotFound``."""
    found = session.scalar(select(ItemExport).where(ItemExport.id == export_id).options(selectinload(ItemExport.file)))
    if found is None:
        raise NotFound()
    return found


def exports_page(
    session: Session, *, kind: str = "", limit: int = 50, offset: int = 0
) -> tuple[Sequence[ItemExport], int]:
    """Files that were made, newest first."""
    query = select(ItemExport)
    if kind:
        query = query.where(ItemExport.format == kind)
    total = session.scalar(select(func.count()).select_from(query.with_only_columns(ItemExport.id).subquery())) or 0
    return session.scalars(query.order_by(ItemExport.id.desc()).limit(limit).offset(offset)).all(), total
