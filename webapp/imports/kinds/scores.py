"""Scores: submitted marks, appended to the ledger. A changed score needs its reason and supersedes the old entry."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session, aliased

from webapp.assessments.models import AssessmentPlan, PlanComponent, ScoreEntry
from webapp.courses.models import Cohort, Enrollment
from webapp.imports.changes import Changes, Field, Update, reject_incomplete_new, reject_repeated_keys
from webapp.imports.kinds.enrolled import check_enrolled, enrollment_ids
from webapp.imports.kinds.kind import Kind
from webapp.imports.kinds.shared_columns import COHORT_CODE, OFFICER_NO, REASON
from webapp.imports.known import Known, rows_of
from webapp.imports.writing import Run, in_batches, insert_rows, write_history
from webapp.officers.models import Officer
from webapp.spreadsheets.cells import Code, Number, Text
from webapp.spreadsheets.reading import Column, Table


def _l(text: str) -> str:
    """Marks a text for the English catalog; it is translated where it is shown."""
    return text


NEEDS_REASON = _l("คะแนนต่างจากที่บันทึกไว้ (%(before)s) ต้องมีเหตุผลในคอลัมน์ reason")
MIXED_MEMBERS = _l("องค์ประกอบนี้ของคนนี้มีทั้งคะแนนที่ระบุและไม่ระบุชื่อกรรมการ ใช้ได้อย่างเดียว")


@dataclass(frozen=True)
class Component:
    """A component of the plan in force: which plan it belongs to and its maximum."""

    purpose: str
    maximum: Decimal


class ScoresKind(Kind):
    """``scores``: keyed by cohort, officer, component and panel member."""

    name = "scores"
    title = _l("คะแนน")
    model = ScoreEntry
    columns = (
        COHORT_CODE,
        OFFICER_NO,
        Column("component", _l("องค์ประกอบ"), _l("รหัสในแผนการประเมินของรุ่น เช่น exam"), Code(40), required=True, key=True),
        Column("panel_member", _l("กรรมการ"), _l("ชื่อกรรมการ ว่างถ้ามีคะแนนเดียว"), Text(200), key=True),
        Column("score", _l("คะแนนที่ได้"), _l("ทศนิยมไม่เกินสองตำแหน่ง"), Number(), required=True),
        Column("max_score", _l("คะแนนเต็ม"), _l("ต้องเท่ากับคะแนนเต็มขององค์ประกอบ"), Number(decimals=6)),
        REASON,
    )
    key_fields = (
        Field("cohort_code", ""),
        Field("officer_no", ""),
        Field("component", ""),
        Field("panel_member", ""),
    )
    fields = (Field("score", "score"),)

    def check(self, table: Table, known: Known) -> None:
        check_enrolled(table, known)
        known.reject_own_rows(table)
        components = self._components(table, known)
        cohorts = known.ids("cohort", table.column("cohort_code"))
        names = ("cohort_code", "component", "score", "max_score")
        rows = zip(*(table.column(name) for name in names), strict=True)
        for place, (cohort, code, score, maximum) in enumerate(rows):
            if cohort not in cohorts or code is None:
                continue
            component = components.get((cohort, code))
            if component is None:
                table.reject(place, "component", _l("แผนการประเมินของรุ่นนี้ไม่มีองค์ประกอบนี้"))
                continue
            if score is not None and score > component.maximum:
                table.reject(place, "score", _l("เกินคะแนนเต็ม %(maximum)s"), maximum=component.maximum)
            if maximum is not None and maximum != component.maximum:
                table.reject(place, "max_score", _l("ไม่ตรงกับคะแนนเต็มของแผน (%(maximum)s)"), maximum=component.maximum)

    def _components(self, table: Table, known: Known) -> dict[tuple[str, str], Component]:
        """(cohort, code) → component of the plan in force; the ranking plan's before the selection plan's."""
        if "components" not in known.notes:
            codes = {code for code in table.column("cohort_code") if code is not None}
            statement = (
                select(Cohort.code, PlanComponent.code, AssessmentPlan.purpose, PlanComponent.maximum)
                .join(AssessmentPlan, AssessmentPlan.id == PlanComponent.plan_id)
                .join(Cohort, Cohort.id == AssessmentPlan.cohort_id)
                .where(AssessmentPlan.status == "in-force")
            )
            found: dict[tuple[str, str], Component] = {}
            for cohort, code, purpose, maximum in rows_of(known.session, statement, Cohort.code, codes):
                if purpose == "ranking" or (cohort, code) not in found:
                    found[cohort, code] = Component(purpose, maximum)
            known.notes["components"] = found
        components: dict[tuple[str, str], Component] = known.notes["components"]
        return components

    def _standing(self, table: Table, known: Known) -> dict[Any, tuple[int, Decimal | None]]:
        """Key → (entry, score) of the marks that stand; the score is none where it was withdrawn."""
        later = aliased(ScoreEntry)
        entry = ScoreEntry
        statement = (
            select(
                entry.id, Cohort.code, Officer.officer_no, entry.component, entry.member, entry.purpose, entry.score,
                entry.marks, entry.maximum, entry.withdrawn,
            )
            .join(Enrollment, Enrollment.id == entry.enrollment_id)
            .join(Cohort, Cohort.id == Enrollment.cohort_id)
            .join(Officer, Officer.id == Enrollment.officer_id)
            .outerjoin(later, later.replaces_id == entry.id)
            .where(later.id.is_(None))
        )  # fmt: skip
        components = self._components(table, known)
        codes = {code for code in table.column("cohort_code") if code is not None}
        standing = {}
        for row in rows_of(known.session, statement, Cohort.code, codes):
            component = components.get((row[1], row[3]))
            if component is not None and component.purpose == row[5]:
                score = None if row[9] else (row[6] if row[6] is not None else _total(row[7], row[8]))
                standing[row[1], row[2], row[3], row[4] or None] = (row[0], score)
        return standing

    def compare(self, table: Table, known: Known) -> Changes:
        keys = self.keys(table)
        reject_repeated_keys(table, [one.name for one in self.key_fields], keys)
        standing = self._standing(table, known)
        self._reject_mixed_members(table, keys, standing)
        scores, reasons = table.columns.get("score"), table.column("reason")
        if scores is None:
            changes = Changes([], [], [place for place, key in enumerate(keys) if key not in standing])
            changes.unchanged = len(keys) - len(changes.created)
            reject_incomplete_new(table, changes, ["score"])
            return changes
        changes = Changes(list(self.fields), [scores])
        for place, key in enumerate(keys):
            known_entry = standing.get(key)
            if known_entry is None:
                changes.created.append(place)
            elif known_entry[1] == scores[place]:
                changes.unchanged += 1
            else:
                changes.updated.append(Update(place, known_entry[0], (known_entry[1],)))
                if reasons[place] is None and place not in table.bad_places:
                    table.reject(place, "score", NEEDS_REASON, before="—" if known_entry[1] is None else known_entry[1])
        return changes

    def _reject_mixed_members(self, table: Table, keys: list[Any], standing: dict[Any, Any]) -> None:
        """One person and component has either one blank mark or named members' marks, never both."""
        members: dict[Any, set[bool]] = {}
        for key in [*keys, *(key for key, entry in standing.items() if entry[1] is not None)]:
            members.setdefault(key[:3], set()).add(key[3] is None)
        mixed = {person for person, kinds in members.items() if len(kinds) == 2}
        if mixed:
            for place, key in enumerate(keys):
                if key[:3] in mixed and place not in table.bad_places:
                    table.reject(place, "panel_member", MIXED_MEMBERS)

    def write(self, session: Session, table: Table, changes: Changes, known: Known, run: Run) -> None:
        if not changes.created and not changes.updated:
            return
        insert_rows(session, ScoreEntry.__table__, self._entries(table, changes.created, {}, known, run))  # type: ignore[arg-type]
        replaced = {one.place: one.id for one in changes.updated}
        for batch in in_batches(self._entries(table, list(replaced), replaced, known, run)):
            session.execute(insert(ScoreEntry.__table__), batch)  # type: ignore[arg-type]
        write_history(session, run, "score_entry", changes)

    def _entries(
        self, table: Table, places: list[int], replaced: dict[int, int], known: Known, run: Run
    ) -> Iterator[dict[str, Any]]:
        components = self._components(table, known)
        enrolled = enrollment_ids(table, known)
        reasons = table.column("reason")
        for place in places:
            cohort, _officer, code, member = (table.column(one.name)[place] for one in self.key_fields)
            component = components[cohort, code]
            yield {
                "enrollment_id": enrolled[place],
                "purpose": component.purpose,
                "component": code,
                "member": member or "",
                "score": table.columns["score"][place],
                "maximum": component.maximum,
                "withdrawn": False,
                "replaces_id": replaced.get(place),
                "reason": (reasons[place] or "") if place in replaced else "",
                "entered_by": run.imported_by,
                "entered_at": run.at,
                "import_id": run.id,
            }


def _total(marks: list[dict[str, Any]] | None, maximum: Decimal) -> Decimal | None:
    """A member's total over the rubric (``domain.md`` §5), where it is a number of at most two decimals."""
    if not marks:
        return None
    weights = sum(Fraction(str(mark["weight"])) for mark in marks)
    parts = sum(
        Fraction(str(mark["weight"])) * Fraction(str(mark["points"])) / Fraction(str(mark["maximum"])) for mark in marks
    )
    hundredths = Fraction(maximum) * parts / weights * 100
    return Decimal(hundredths.numerator).scaleb(-2) if hundredths.denominator == 1 else None
