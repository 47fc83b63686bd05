"""Enrollments: officers in cohorts. An imported row records the institute's decision."""

from collections import Counter
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.courses.models import Cohort, Enrollment
from webapp.imports.changes import Changes, Field
from webapp.imports.kinds.enrolled import forget_enrollments, pairs_of
from webapp.imports.kinds.kind import Kind
from webapp.imports.kinds.shared_columns import COHORT_CODE, OFFICER_NO
from webapp.imports.known import Known, rows_of
from webapp.imports.writing import Run, as_stored, ids_of, write_created, write_history, write_updated
from webapp.officers.models import Officer
from webapp.spreadsheets.cells import Choice
from webapp.spreadsheets.reading import Column, Table


def _l(text: str) -> str:
    """Marks a text for the English catalog; it is translated where it is shown."""
    return text


STATUSES = {
    "applied": "สมัคร",
    "admitted": "ผ่านการคัดเลือก",
    "reserve": "สำรอง",
    "enrolled": "เข้ารับการอบรม",
    "withdrawn": "ถอนตัว",
    "completed": "สำเร็จการอบรม",
}
HOLD_SEATS = ("admitted", "enrolled", "completed")


class Enrollments(Kind):
    """``enrollments``: keyed by cohort and officer; an empty status is ``enrolled``."""

    name = "enrollments"
    title = _l("ผู้เข้ารับการอบรม")
    model = Enrollment
    columns = (
        COHORT_CODE,
        OFFICER_NO,
        Column("status", _l("สถานะ"), _l("ว่าง = เข้ารับการอบรม"), Choice(STATUSES)),
    )
    key_fields = (Field("cohort_code", "cohort_id", "cohort"), Field("officer_no", "officer_id", "officer"))
    fields = (Field("status", "status", empty="enrolled"),)

    def statement(self) -> Any:
        """Id, key and status of what is there."""
        return (
            select(Enrollment.id, Cohort.code, Officer.officer_no, Enrollment.status)
            .join(Cohort, Cohort.id == Enrollment.cohort_id)
            .join(Officer, Officer.id == Enrollment.officer_id)
        )

    def check(self, table: Table, known: Known) -> None:
        known.check_codes(table, "cohort_code", "cohort")
        known.check_codes(table, "officer_no", "officer")
        known.come("enrollment", pairs_of(table))

    def existing(self, table: Table, known: Known) -> dict[Any, tuple[int, dict[str, Any]]]:
        codes = {code for code in table.column("cohort_code") if code is not None}
        return {
            (row[1], row[2]): (row[0], {"status": row[3]})
            for row in rows_of(known.session, self.statement(), Cohort.code, codes)
        }

    def compare(self, table: Table, known: Known) -> Changes:
        changes = super().compare(table, known)
        self._warn_of_seats(table, known)
        return changes

    def _warn_of_seats(self, table: Table, known: Known) -> None:
        """More people than seats is odd: it is the institute's decision."""
        held = {key: row[1]["status"] for key, row in self.existing(table, known).items()}
        statuses = table.columns.get("status")
        for place, key in enumerate(pairs_of(table)):
            if statuses is not None or key not in held:
                held[key] = (statuses[place] if statuses else None) or "enrolled"
        taken = Counter(key[0] for key, status in held.items() if status in HOLD_SEATS)
        codes = {code for code in table.column("cohort_code") if code is not None}
        seats = {
            row[0]: row[1] for row in rows_of(known.session, select(Cohort.code, Cohort.seats), Cohort.code, codes)
        }
        last = {code: place for place, code in enumerate(table.column("cohort_code"))}
        for code, number in seats.items():
            if taken[code] > number:
                table.warn(
                    last[code],
                    "cohort_code",
                    _l("มีผู้เข้ารับการอบรม %(people)s คน เกิน %(seats)s ที่นั่ง"),
                    people=taken[code],
                    seats=number,
                )

    def write(self, session: Session, table: Table, changes: Changes, known: Known, run: Run) -> None:
        if not changes.created and not changes.updated:
            return
        target: Any = Enrollment.__table__
        decided = {"decided_by": run.imported_by, "decided_at": run.at, "import_id": run.id}
        key = {one.stored: ids_of(known, one.refers, table.column(one.name)) for one in self.key_fields}
        stored = as_stored(known, changes)
        write_created(session, target, changes, stored, key, {"status": "enrolled", **decided})
        write_updated(session, target, changes, stored, decided)
        write_history(session, run, target.name, changes)
        forget_enrollments(known)
