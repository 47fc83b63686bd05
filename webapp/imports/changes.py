"""What a sheet would do: which rows are new, which change what is there, which say what is known already."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from webapp.database import canonical_json
from webapp.spreadsheets.reading import Table


def _l(text: str) -> str:
    """Marks a text for the English catalog; it is translated where it is shown."""
    return text


@dataclass(frozen=True)
class Field:
    """A column of the file, the column of the table that keeps it, and what an empty cell means there."""

    name: str
    stored: str
    refers: str = ""
    empty: Any = None


@dataclass
class Update:
    """An existing row and what it held before, in the order of the changes' fields."""

    place: int
    id: int
    before: tuple[Any, ...]


@dataclass
class Changes:
    """What one sheet would do. ``values`` holds, per field present in the sheet, what each row says."""

    fields: list[Field]
    values: list[list[Any]]
    created: list[int] = field(default_factory=list)
    updated: list[Update] = field(default_factory=list)
    unchanged: int = 0

    def row(self, place: int) -> tuple[Any, ...]:
        """What the row at ``place`` says, in the order of ``fields``."""
        return tuple(column[place] for column in self.values)

    def counts(self, rows: int) -> dict[str, int]:
        """The figures of the report."""
        return {
            "rows": rows,
            "created": len(self.created),
            "updated": len(self.updated),
            "unchanged": self.unchanged,
        }


SAME_KEY = _l("คีย์ซ้ำกับแถว %(row)s ในไฟล์เดียวกัน")
NEEDED_FOR_NEW = _l("ต้องมีค่านี้สำหรับรายการใหม่")


def reject_repeated_keys(table: Table, columns: Sequence[str], keys: Sequence[Any]) -> None:
    """The same key twice in a file is refused: nobody can tell which row is meant."""
    if len(set(keys)) == len(keys):
        return
    first: dict[Any, int] = {}
    for place, key in enumerate(keys):
        if place in table.bad_places:
            continue
        before = first.setdefault(key, place)
        if before != place:
            table.reject(place, columns[0], SAME_KEY, row=table.rows[before])


def compare(
    table: Table, keys: Sequence[Any], fields: Iterable[Field], existing: dict[Any, tuple[int, dict[str, Any]]]
) -> Changes:
    """Sort the rows into new, changed and unchanged. ``existing`` is key → (id, stored value by field name)."""
    present = [one for one in fields if one.name in table.columns]
    values = [
        [one.empty if value is None else value for value in table.columns[one.name]] if one.empty is not None
        else table.columns[one.name]
        for one in present
    ]  # fmt: skip
    changes = Changes(present, values)
    rows: Iterable[tuple[Any, ...]] = zip(*values, strict=True) if values else ((),) * len(table)
    names = [one.name for one in present]
    for place, (key, row) in enumerate(zip(keys, rows, strict=True)):
        known = existing.get(key)
        if known is None:
            changes.created.append(place)
            continue
        before = tuple(known[1][name] for name in names)
        if before == row:
            changes.unchanged += 1
        else:
            changes.updated.append(Update(place, known[0], before))
    return changes


def reject_incomplete_new(table: Table, changes: Changes, required: Iterable[str]) -> None:
    """A new row needs every required column, also where the file does not have it."""
    for name in required:
        if name not in table.columns:
            for place in changes.created:
                table.reject(place, name, NEEDED_FOR_NEW)


class Digest:
    """A running digest over every row an import creates or changes, kept beside its one audit entry."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def add(self, kind: str, what: str, key: Any, row: Any) -> None:
        """One row: its kind, whether created or updated, its key and what it says."""
        self._hash.update(canonical_json([kind, what, key, row]).encode())
        self._hash.update(b"\n")

    def hex(self) -> str:
        """The digest so far."""
        return self._hash.hexdigest()
