"""Sessions of coaching, mentoring and shadowing. An acknowledged session cannot be changed by import."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session, aliased

from webapp.coaching.models import CoachingSession
from webapp.courses.models import Cohort, Enrollment
from webapp.imports.changes import Changes, Field
from webapp.imports.kinds.enrolled import check_enrolled, enrollment_ids
from webapp.imports.kinds.kind import IN_THE_FUTURE, Kind
from webapp.imports.kinds.shared_columns import COHORT_CODE, OFFICER_NO
from webapp.imports.known import Known, rows_of
from webapp.imports.writing import Run, ids_of, insert_rows, write_history
from webapp.officers.models import Officer
from webapp.spreadsheets.cells import Choice, Code, Day, Flag, Text, Time, Whole
from webapp.spreadsheets.reading import EMPTY_CELL, Column, Table


def _l(text: str) -> str:
    """Marks a text for the English catalog; it is translated where it is shown."""
    return text


KINDS_OF_SESSION = {"coaching": "การสอนงาน", "mentoring": "การให้คำปรึกษา", "shadowing": "การศึกษางานตามติด"}
ACKNOWLEDGED = _l("ผู้เข้ารับการอบรมรับทราบครั้งนี้แล้ว แก้ไขด้วยการนำเข้าไม่ได้")


class CoachingKind(Kind):
    """``coaching``: keyed by cohort, trainee, mentor, day, kind and starting time."""

    name = "coaching"
    title = _l("การสอนงานและให้คำปรึกษา")
    model = CoachingSession
    columns = (
        COHORT_CODE,
        OFFICER_NO,
        Column("mentor_no", _l("เลขประจำตัวพี่เลี้ยง"), _l("ว่างได้เฉพาะการศึกษางานกับผู้ให้ศึกษาภายนอก"), Code(40), key=True),
        Column("held_on", _l("วันที่"), _l("วันที่พบกัน ต้องไม่เกินวันนี้"), Day(), required=True, key=True),
        Column("kind", _l("ประเภท"), _l("การสอนงาน การให้คำปรึกษา หรือการศึกษางานตามติด"), Choice(KINDS_OF_SESSION), required=True, key=True),
        Column("started_at", _l("เวลาเริ่ม"), _l("เช่น 9:30 ใช้แยกหลายครั้งในวันเดียว"), Time(), key=True),
        Column("minutes", _l("จำนวนนาที"), _l("1 ถึง 1440"), Whole(1, 1440), required=True),
        Column("topic", _l("หัวข้อ"), _l("เรื่องที่คุยกัน"), Text(500), required=True),
        Column("host", _l("ผู้ให้ศึกษางาน"), _l("ชื่อและหน่วยงาน เมื่อไม่ใช่ข้าราชการในระบบ"), Text(300)),
        Column("acknowledged", _l("รับทราบแล้ว"), _l("1 = ผู้เข้ารับการอบรมรับทราบแล้ว"), Flag()),
    )  # fmt: skip
    key_fields = (
        Field("cohort_code", ""),
        Field("officer_no", ""),
        Field("mentor_no", ""),
        Field("held_on", ""),
        Field("kind", ""),
        Field("started_at", ""),
    )
    fields = (
        Field("minutes", "minutes"),
        Field("topic", "topic"),
        Field("host", "host", empty=""),
        Field("acknowledged", "acknowledged", empty=False),
    )

    def check(self, table: Table, known: Known) -> None:
        check_enrolled(table, known)
        known.check_codes(table, "mentor_no", "officer")
        known.not_after_today(table, "held_on", IN_THE_FUTURE)
        started = table.columns.get("started_at")
        if started is not None:
            table.columns["started_at"] = [None if at is None else f"{at:%H:%M}" for at in started]
        bad = {(problem.row, problem.column) for problem in table.problems}
        rows = zip(*(table.column(name) for name in ("officer_no", "mentor_no", "kind", "host")), strict=True)
        for place, (trainee, mentor, kind, host) in enumerate(rows):
            if mentor is None and kind in ("coaching", "mentoring") and (table.rows[place], "mentor_no") not in bad:
                table.reject(place, "mentor_no", EMPTY_CELL)
            if mentor is None and kind == "shadowing" and host is None:
                table.warn(place, "host", _l("ไม่มีทั้งพี่เลี้ยงและผู้ให้ศึกษางาน"))
            if mentor is not None and mentor == trainee:
                table.warn(place, "mentor_no", _l("พี่เลี้ยงเป็นคนเดียวกับผู้เข้ารับการอบรม"))

    def existing(self, table: Table, known: Known) -> dict[Any, tuple[int, dict[str, Any]]]:
        mentor = aliased(Officer)
        row = CoachingSession
        statement = (
            select(
                row.id, Cohort.code, Officer.officer_no, mentor.officer_no, row.held_on, row.kind, row.started_at,
                row.minutes, row.topic, row.host, row.acknowledged_at,
            )
            .join(Enrollment, Enrollment.id == row.enrollment_id)
            .join(Cohort, Cohort.id == Enrollment.cohort_id)
            .join(Officer, Officer.id == Enrollment.officer_id)
            .outerjoin(mentor, mentor.id == row.mentor_id)
            .where(row.withdrawn_at.is_(None))
        )  # fmt: skip
        codes = {code for code in table.column("cohort_code") if code is not None}
        return {
            (*found[1:6], found[6] or None): (
                found[0],
                {"minutes": found[7], "topic": found[8], "host": found[9], "acknowledged": found[10] is not None},
            )
            for found in rows_of(known.session, statement, Cohort.code, codes)
        }

    def compare(self, table: Table, known: Known) -> Changes:
        self._keep_acknowledged(table, known)
        changes = super().compare(table, known)
        existing = self.existing(table, known) if changes.updated else {}
        keys = self.keys(table) if changes.updated else []
        for one in changes.updated:
            before = existing[keys[one.place]][1]
            if before["acknowledged"]:
                after = dict(zip([each.name for each in changes.fields], changes.row(one.place), strict=True))
                table.reject(one.place, next(name for name in after if after[name] != before[name]), ACKNOWLEDGED)
        return changes

    def _keep_acknowledged(self, table: Table, known: Known) -> None:
        """An empty cell does not take back what the trainee has acknowledged in the meantime; a 0 tries to."""
        cells = table.columns.get("acknowledged")
        if cells is None or None not in cells:
            return
        existing = self.existing(table, known)
        kept = list(cells)
        for place, key in enumerate(self.keys(table)):
            if kept[place] is None and key in existing and existing[key][1]["acknowledged"]:
                kept[place] = True
        table.columns["acknowledged"] = kept

    def write(self, session: Session, table: Table, changes: Changes, known: Known, run: Run) -> None:
        if not changes.created and not changes.updated:
            return
        insert_rows(session, CoachingSession.__table__, self._new_rows(table, changes, known, run))  # type: ignore[arg-type]
        self._update(session, changes, run)
        write_history(session, run, "coaching_session", changes)

    def _new_rows(self, table: Table, changes: Changes, known: Known, run: Run) -> Iterator[dict[str, Any]]:
        enrolled = enrollment_ids(table, known)
        mentors = ids_of(known, "officer", table.column("mentor_no"))
        names = [one.name for one in changes.fields]
        for place in changes.created:
            held_on, kind = table.columns["held_on"][place], table.columns["kind"][place]
            started = table.column("started_at")[place] or ""
            row = dict(zip(names, changes.row(place), strict=True))
            acknowledged = row.pop("acknowledged", False)
            yield {
                "host": "",
                **row,
                "enrollment_id": enrolled[place],
                "mentor_id": mentors[place],
                "natural_key": f"{enrolled[place]}|{mentors[place] or ''}|{held_on.isoformat()}|{kind}|{started}",
                "held_on": held_on,
                "kind": kind,
                "started_at": started,
                "recorded_by": run.imported_by,
                "recorded_at": run.at,
                "acknowledged_at": run.at if acknowledged else None,
                "acknowledged_by": run.imported_by if acknowledged else "",
                "import_id": run.id,
            }

    def _update(self, session: Session, changes: Changes, run: Run) -> None:
        if not changes.updated:
            return
        target: Any = CoachingSession.__table__
        names = [one.name for one in changes.fields]
        rows = []
        for one in changes.updated:
            row = dict(zip(names, changes.row(one.place), strict=True))
            if row.pop("acknowledged", False):
                row |= {"acknowledged_at": run.at, "acknowledged_by": run.imported_by}
            elif "acknowledged" in names:
                row |= {"acknowledged_at": None, "acknowledged_by": ""}
            rows.append({"row_id": one.id} | {f"to_{name}": value for name, value in row.items()})
        values: dict[str, Any] = {name[3:]: bindparam(name) for name in rows[0] if name != "row_id"}
        statement = (
            update(target)
            .where(target.c.id == bindparam("row_id"))
            .values(**values, version=target.c.version + 1, import_id=run.id)
        )
        session.connection().execute(statement, rows)
