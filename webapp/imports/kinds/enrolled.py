"""Who is enrolled in which cohort, as the rows of cohort sheets refer to it."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from webapp.courses.models import Cohort, Enrollment
from webapp.imports.known import Known, rows_of
from webapp.officers.models import Officer
from webapp.spreadsheets.reading import Table


def _l(text: str) -> str:
    """Marks a text for the English catalog; it is translated where it is shown."""
    return text


NOT_ENROLLED = _l("ข้าราชการคนนี้ไม่อยู่ในรุ่นนี้ ทั้งในระบบและในไฟล์นี้")


def pairs_of(table: Table) -> list[tuple[Any, Any]]:
    """(cohort, officer) of each row."""
    return list(zip(table.column("cohort_code"), table.column("officer_no"), strict=True))


def enrollments(known: Known, cohorts: Iterable[str | None]) -> dict[tuple[str, str], int]:
    """(cohort, officer) → enrollment, of the cohorts named."""
    found: dict[tuple[str, str], int] = known.notes.setdefault("enrollments", {})
    asked: set[str] = known.notes.setdefault("enrollments-asked", set())
    wanted = {code for code in cohorts if code is not None} - asked
    if wanted:
        statement = (
            select(Cohort.code, Officer.officer_no, Enrollment.id)
            .join(Enrollment, Enrollment.cohort_id == Cohort.id)
            .join(Officer, Officer.id == Enrollment.officer_id)
        )
        for code, number, enrollment in rows_of(known.session, statement, Cohort.code, wanted):
            found[code, number] = enrollment
        asked |= wanted
    return found


def forget_enrollments(known: Known) -> None:
    """Ask again: enrollments were added."""
    known.notes.pop("enrollments", None)
    known.notes.pop("enrollments-asked", None)


def check_enrolled(table: Table, known: Known) -> None:
    """Reject rows of unknown cohorts or officers, and of officers who are not in the cohort."""
    known.check_codes(table, "cohort_code", "cohort")
    known.check_codes(table, "officer_no", "officer")
    there = enrollments(known, table.column("cohort_code"))
    coming = known.coming.get("enrollment", set())
    for place, pair in enumerate(pairs_of(table)):
        if None not in pair and pair not in there and pair not in coming and place not in table.bad_places:
            table.reject(place, "officer_no", NOT_ENROLLED)


def enrollment_ids(table: Table, known: Known) -> list[int]:
    """The enrollment of each row; every one is known by now."""
    there = enrollments(known, table.column("cohort_code"))
    return [there[pair] for pair in pairs_of(table)]
