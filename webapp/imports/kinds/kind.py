"""What every import kind has: its columns, its natural key, how rows are checked, compared and written."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from webapp.imports.changes import Changes, Field, compare, reject_incomplete_new, reject_repeated_keys
from webapp.imports.known import Known, rows_of
from webapp.imports.writing import Run, as_stored, ids_of, write_created, write_history, write_updated
from webapp.officers.models import Officer
from webapp.spreadsheets.reading import Column, Table


def _l(text: str) -> str:
    """Marks a text for the English catalog; it is translated where it is shown."""
    return text


IN_THE_FUTURE = _l("เป็นวันที่ยังมาไม่ถึง รายการนี้บันทึกได้เฉพาะสิ่งที่เกิดขึ้นแล้ว")
END_BEFORE_START = _l("วันสิ้นสุดอยู่ก่อนวันเริ่ม")


class Kind:
    """One kind of file. The natural key is ``key_fields``; ``fields`` are what a row may change."""

    name: str
    title: str
    model: Any
    columns: tuple[Column, ...]
    key_fields: tuple[Field, ...]
    fields: tuple[Field, ...]

    def check(self, table: Table, known: Known) -> None:
        """Reject what a row says by itself or of other rows, and warn of what is odd."""
        raise NotImplementedError

    def compare(self, table: Table, known: Known) -> Changes:
        """Which rows are new, changed, unchanged; rejects repeated keys and incomplete new rows."""
        keys = self.keys(table)
        reject_repeated_keys(table, [one.name for one in self.key_fields], keys)
        changes = compare(table, keys, self.fields, self.existing(table, known))
        reject_incomplete_new(table, changes, [one.name for one in self.columns if one.required and not one.key])
        return changes

    def keys(self, table: Table) -> list[Any]:
        """The natural key of each row, in codes."""
        return list(zip(*(table.column(one.name) for one in self.key_fields), strict=True)) if len(table) else []

    def existing(self, table: Table, known: Known) -> dict[Any, tuple[int, dict[str, Any]]]:
        """Key → (id, stored values by field name) of the rows that this sheet may meet."""
        raise NotImplementedError

    def write(self, session: Session, table: Table, changes: Changes, known: Known, run: Run) -> None:
        """Insert and update, set-wise, and keep the history."""
        raise NotImplementedError


class FactKind(Kind):
    """A kind of fact about officers: a row of its own, with who entered it, keyed by officer and more."""

    def statement(self) -> Any:
        """Id, then the key's codes, then every field's code or value, of the facts that stand."""
        raise NotImplementedError

    def existing(self, table: Table, known: Known) -> dict[Any, tuple[int, dict[str, Any]]]:
        numbers = {number for number in table.column("officer_no") if number is not None}
        width = len(self.key_fields)
        names = [one.name for one in self.fields]
        return {
            tuple(row[1 : width + 1]): (row[0], dict(zip(names, row[width + 1 :], strict=True)))
            for row in rows_of(known.session, self.statement(), Officer.officer_no, numbers)
        }

    def write(self, session: Session, table: Table, changes: Changes, known: Known, run: Run) -> None:
        if not changes.created and not changes.updated:
            return
        entered = {"entered_by": run.imported_by, "entered_at": run.at, "import_id": run.id}
        key = {
            one.stored: ids_of(known, one.refers, table.column(one.name)) if one.refers else table.column(one.name)
            for one in self.key_fields
        }
        stored = as_stored(known, changes)
        target = self.model.__table__
        write_created(session, target, changes, stored, {**key, **self.more(table, known)}, entered | self.decided(run))
        write_updated(session, target, changes, stored, entered)
        write_history(session, run, target.name, changes)

    carried: tuple[str, ...] = ()
    """Columns that no file holds and a correction takes over from the record it replaces."""

    def decided(self, run: Run) -> dict[str, Any]:
        """What a new row also says, because what is imported was decided elsewhere."""
        return {}

    def more(self, table: Table, known: Known) -> dict[str, Sequence[Any]]:
        """Further columns of new rows, that the file does not hold."""
        return {}


def check_dates(table: Table, first: str, last: str) -> None:
    """Reject an end before its start; both days count, so the same day is fine."""
    ends = table.columns.get(last)
    if ends is None:
        return
    for place, (start, end) in enumerate(zip(table.column(first), ends, strict=True)):
        if start is not None and end is not None and end < start:
            table.reject(place, last, END_BEFORE_START)
