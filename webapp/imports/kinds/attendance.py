"""Attendance: who was at which session, for how many hours."""

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.courses.models import Attendance, Cohort, CourseSession, Enrollment
from webapp.imports.changes import Changes, Field, compare, reject_incomplete_new, reject_repeated_keys
from webapp.imports.kinds.enrolled import check_enrolled, enrollment_ids
from webapp.imports.kinds.kind import IN_THE_FUTURE, Kind
from webapp.imports.kinds.shared_columns import COHORT_CODE, OFFICER_NO
from webapp.imports.known import Known, rows_of
from webapp.imports.writing import Run, write_created, write_history, write_updated
from webapp.officers.models import Officer
from webapp.spreadsheets.cells import Code, Flag, Number
from webapp.spreadsheets.reading import Column, Table


def _l(text: str) -> str:
    """Marks a text for the English catalog; it is translated where it is shown."""
    return text


NOTHING = Decimal("0.00")
Sessions = dict[tuple[Any, Any], tuple[int, Decimal, dt.date]]


class AttendanceKind(Kind):
    """``attendance``: keyed by cohort, officer and session. Absent is 0 hours; empty hours are the session's."""

    name = "attendance"
    title = _l("การเข้าอบรม")
    model = Attendance
    columns = (
        COHORT_CODE,
        OFFICER_NO,
        Column("session_code", _l("รหัสครั้งที่อบรม"), _l("รหัสในตารางของรุ่น เช่น S01"), Code(40), required=True, key=True),
        Column("present", _l("มาอบรม"), _l("1 = มา 0 = ไม่มา"), Flag(), required=True),
        Column("hours", _l("ชั่วโมงที่เข้า"), _l("ว่าง = เท่าชั่วโมงของครั้งนั้น"), Number()),
    )
    key_fields = (
        Field("cohort_code", ""),
        Field("officer_no", ""),
        Field("session_code", ""),
    )
    fields = (Field("present", "present"), Field("hours", "hours"))

    def check(self, table: Table, known: Known) -> None:
        check_enrolled(table, known)
        sessions = self._sessions(table, known)
        unknown_cohorts = {place for place in table.bad_places if table.columns["cohort_code"][place] is None}
        cohorts = known.ids("cohort", table.column("cohort_code"))
        rows = zip(table.column("cohort_code"), table.column("session_code"), table.column("hours"), strict=True)
        for place, (cohort, code, hours) in enumerate(rows):
            if place in unknown_cohorts or cohort not in cohorts or code is None:
                continue
            session = sessions.get((cohort, code))
            if session is None:
                table.reject(place, "session_code", _l("รุ่นนี้ไม่มีครั้งที่อบรมรหัสนี้"))
            elif session[2] > known.today:
                table.reject(place, "session_code", IN_THE_FUTURE)
            elif hours is not None and hours > session[1]:
                table.reject(place, "hours", _l("เกินชั่วโมงของครั้งนี้ (%(hours)s)"), hours=session[1])

    def _sessions(self, table: Table, known: Known) -> Sessions:
        """(cohort, session code) → id, hours and day."""
        if "sessions" not in known.notes:
            codes = {code for code in table.column("cohort_code") if code is not None}
            columns = (Cohort.code, CourseSession.code, CourseSession.id, CourseSession.hours, CourseSession.held_on)
            statement = select(*columns).join(Cohort, Cohort.id == CourseSession.cohort_id)
            known.notes["sessions"] = {
                (row[0], row[1]): (row[2], row[3], row[4])
                for row in rows_of(known.session, statement, Cohort.code, codes)
            }
        found: Sessions = known.notes["sessions"]
        return found

    def existing(self, table: Table, known: Known) -> dict[Any, tuple[int, dict[str, Any]]]:
        codes = {code for code in table.column("cohort_code") if code is not None}
        statement = (
            select(
                Attendance.id, Cohort.code, Officer.officer_no, CourseSession.code, Attendance.present, Attendance.hours
            )
            .join(CourseSession, CourseSession.id == Attendance.session_id)
            .join(Cohort, Cohort.id == CourseSession.cohort_id)
            .join(Enrollment, Enrollment.id == Attendance.enrollment_id)
            .join(Officer, Officer.id == Enrollment.officer_id)
        )
        return {
            (row[1], row[2], row[3]): (row[0], {"present": row[4], "hours": row[5]})
            for row in rows_of(known.session, statement, Cohort.code, codes)
        }

    def compare(self, table: Table, known: Known) -> Changes:
        keys = self.keys(table)
        reject_repeated_keys(table, [one.name for one in self.key_fields], keys)
        existing = self.existing(table, known)
        sessions = self._sessions(table, known)
        given = table.columns.get("hours")
        presence = table.columns.get("present")
        present: list[Any] = []
        hours: list[Any] = []
        for place, key in enumerate(keys):
            there = existing[key][1] if key in existing else None
            full = sessions.get((key[0], key[2]), (0, NOTHING, None))[1]
            was_there = presence[place] if presence is not None else (there["present"] if there else None)
            present.append(was_there)
            if not was_there:
                hours.append(NOTHING)
                if given is not None and given[place]:
                    table.warn(place, "hours", _l("ไม่มาอบรม จึงนับเป็น 0 ชั่วโมง"))
            elif given is None and there is not None and there["present"]:
                hours.append(there["hours"])
            else:
                hours.append(full if given is None or given[place] is None else given[place])
        whole = Table(table.sheet, table.rows, {"present": present, "hours": hours}, {})
        changes = compare(whole, keys, self.fields, existing)
        if presence is None:
            reject_incomplete_new(table, changes, ["present"])
        return changes

    def write(self, session: Session, table: Table, changes: Changes, known: Known, run: Run) -> None:
        if not changes.created and not changes.updated:
            return
        target: Any = Attendance.__table__
        sessions = self._sessions(table, known)
        pairs = zip(table.column("cohort_code"), table.column("session_code"), strict=True)
        key = {"session_id": [sessions[pair][0] for pair in pairs], "enrollment_id": enrollment_ids(table, known)}
        entered = {"entered_by": run.imported_by, "entered_at": run.at, "import_id": run.id}
        write_created(session, target, changes, changes.values, key, entered)
        write_updated(session, target, changes, changes.values, entered)
        write_history(session, run, target.name, changes)
