"""Rows written set-wise: inserts and updates by the thousand, with what each changed row held before."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table as SqlTable
from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import Session

from webapp.imports.changes import Changes
from webapp.imports.known import Known
from webapp.imports.models import ImportChange
from webapp.thai import masked_national_id

AT_ONCE = 5_000
"""Rows handed to the database in one go: large enough to be quick, small enough to keep memory flat."""


@dataclass
class Run:
    """The import that is being applied: its id, its moment, and who brings it."""

    id: int
    at: dt.datetime
    imported_by: str


def in_batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """The rows in lists of at most :data:`AT_ONCE`."""
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) >= AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def insert_rows(session: Session, target: SqlTable, rows: Iterator[dict[str, Any]]) -> None:
    """Insert the rows, batch by batch."""
    for batch in in_batches(rows):
        session.execute(insert(target), batch)


def as_stored(known: Known, changes: Changes) -> list[list[Any]]:
    """The changes' values with codes turned into ids."""
    return [
        ids_of(known, one.refers, column) if one.refers else column
        for one, column in zip(changes.fields, changes.values, strict=True)
    ]


def ids_of(known: Known, name: str, codes: Sequence[str | None]) -> list[int | None]:
    """The ids of a column of codes; every code is known by now."""
    ids = known.ids(name, codes)
    return [None if code is None else ids[code] for code in codes]


def write_created(
    session: Session,
    target: SqlTable,
    changes: Changes,
    stored: Sequence[Sequence[Any]],
    more: Mapping[str, Sequence[Any]],
    constant: dict[str, Any],
) -> None:
    """Insert the new rows. ``more`` holds further columns (the key), ``constant`` what is the same for all."""
    names = [one.stored for one in changes.fields] + list(more)
    columns = [*stored, *more.values()]

    def rows() -> Iterator[dict[str, Any]]:
        for place in changes.created:
            row = dict(constant)
            row.update(zip(names, [column[place] for column in columns], strict=True))
            yield row

    insert_rows(session, target, rows())


def write_updated(
    session: Session,
    target: SqlTable,
    changes: Changes,
    stored: Sequence[Sequence[Any]],
    constant: dict[str, Any],
) -> None:
    """Overwrite the changed rows with what the file says in the columns it has."""
    if not changes.updated:
        return
    names = [one.stored for one in changes.fields]
    values: dict[str, Any] = {name: bindparam(f"to_{name}") for name in names} | constant
    if "version" in target.c:
        values["version"] = target.c.version + 1
    statement = update(target).where(target.c.id == bindparam("row_id")).values(values)

    def rows() -> Iterator[dict[str, Any]]:
        for one in changes.updated:
            row: dict[str, Any] = {"row_id": one.id}
            for name, column in zip(names, stored, strict=True):
                row[f"to_{name}"] = column[one.place]
            yield row

    for batch in in_batches(rows()):
        session.connection().execute(statement, batch)


def write_history(session: Session, run: Run, thing: str, changes: Changes) -> None:
    """Keep what changed rows held before and after. (Created rows carry the import's id.)"""
    names = [one.name for one in changes.fields]

    def rows() -> Iterator[dict[str, Any]]:
        for one in changes.updated:
            after = changes.row(one.place)
            differs = [number for number, name in enumerate(names) if one.before[number] != after[number]]
            yield {
                "import_id": run.id,
                "thing": thing,
                "thing_id": str(one.id),
                "before": {names[number]: shown(names[number], one.before[number]) for number in differs},
                "after": {names[number]: shown(names[number], after[number]) for number in differs},
            }

    insert_rows(session, ImportChange.__table__, rows())  # type: ignore[arg-type]


def shown(name: str, value: Any) -> Any:
    """A value as the history keeps it: a national id masked."""
    if name == "national_id":
        return masked_national_id(value)
    return list(value) if isinstance(value, tuple) else value
