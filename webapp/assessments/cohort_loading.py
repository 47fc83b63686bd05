"""A cohort set up from its file: cohort, sessions and plans in one transaction, everything or nothing."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.assessments.cohort_file import CohortFile, FileProblem
from webapp.assessments.plans.operations import load_plan, open_points_of, withdraw_plan
from webapp.assessments.plans.rules import PlanContent
from webapp.assessments.queries import plan_in_force
from webapp.audit import Actor
from webapp.careers.models import Course
from webapp.courses.models import Cohort
from webapp.courses.operations import change_cohort, open_cohort, put_session
from webapp.errors import Refused, RuleBroken

SECTIONS = {"selection": "selection", "assessment": "ranking"}
"""The file's section of a plan, and the plan's purpose."""


class CohortFileRefused(RuleBroken):
    """A cohort file that cannot be loaded; ``problems`` names each path, value and reason."""

    def __init__(self, problems: list[FileProblem]) -> None:
        super().__init__("ไฟล์ตั้งค่ารุ่นไม่ถูกต้อง %(count)s แห่ง ยังไม่ได้บันทึก", count=len(problems))
        self.problems = problems


@dataclass(slots=True)
class Loaded:
    """What loading a file did."""

    code: str
    cohort: str = "unchanged"
    sessions: Counter[str] = field(default_factory=Counter)
    plans: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def changed(self) -> bool:
        plans = any(plan["result"] != "unchanged" for plan in self.plans.values())
        return self.cohort != "unchanged" or plans or bool(self.sessions["created"] or self.sessions["updated"])

    def document(self) -> dict[str, Any]:
        """What ``--json`` prints."""
        return {
            "cohort": self.code,
            "result": self.cohort,
            "sessions": {name: self.sessions[name] for name in ("created", "updated", "unchanged")},
            **{section: self.plans.get(section) for section in SECTIONS},
            "errors": [],
        }


def load_cohort(session: Session, actor: Actor, file: CohortFile) -> Loaded:
    """Set the cohort up as its file says. The same file again changes nothing.

    Raises :class:`CohortFileRefused` with everything that is wrong; then the caller rolls back.
    """
    problems = list(file.problems)
    course = session.scalar(select(Course).where(Course.code == file.course)) if file.course else None
    if file.course and course is None:
        problems.append(FileProblem("course", file.course, _("ไม่มีหลักสูตรรหัสนี้ในรายการหลักสูตร")))
    cohort = session.scalar(select(Cohort).where(Cohort.code == file.code))
    if cohort is not None and course is not None and cohort.course_id != course.id:
        problems.append(FileProblem("course", file.course, _("รุ่นนี้เป็นของหลักสูตรอื่น เปลี่ยนหลักสูตรของรุ่นไม่ได้")))
    if problems or course is None:
        raise CohortFileRefused(problems)
    loaded = Loaded(file.code)
    cohort = _cohort(session, actor, file, course, cohort, loaded, problems)
    if cohort is not None:
        _sessions(session, actor, file, cohort, loaded, problems)
        for section, content in (("selection", file.selection), ("assessment", file.assessment)):
            _plan(session, actor, cohort, section, content, loaded, problems)
        if cohort.closed_at is not None and loaded.changed:
            problems.append(FileProblem("cohort", file.code, _("รุ่นนี้ปิดแล้ว จึงเปลี่ยนด้วยไฟล์ไม่ได้")))
    if problems:
        raise CohortFileRefused(problems)
    return loaded


def _cohort(
    session: Session, actor: Actor, file: CohortFile, course: Course, cohort: Cohort | None, loaded: Loaded,
    problems: list[FileProblem],
) -> Cohort | None:  # fmt: skip
    values = dict(file.cohort)
    if not values["name_th"]:
        values["name_th"] = f"{course.name_th} {file.code}"
        values["name_en"] = values["name_en"] or f"{course.name_en} {file.code}"
    try:
        if cohort is None:
            cohort = open_cohort(session, actor, code=file.code, course=course, **values)
            loaded.cohort = "created"
        elif change_cohort(session, actor, cohort, **values):
            loaded.cohort = "updated"
    except Refused as refused:
        problems.append(_said("cohort", file.code, refused))
    return cohort


def _sessions(
    session: Session, actor: Actor, file: CohortFile, cohort: Cohort, loaded: Loaded, problems: list[FileProblem]
) -> None:
    for number, held in enumerate(file.sessions):
        values = {"name_th": held.name_th, "name_en": held.name_en, "part": held.part, "held_on": held.held_on,
                  "hours": held.hours, "place": held.place, "speaker": held.speaker}  # fmt: skip
        try:
            loaded.sessions[put_session(session, actor, cohort, code=held.code, **values)] += 1
        except Refused as refused:
            problems.append(_said(f"sessions[{number}]", held.code, refused))


def _plan(
    session: Session, actor: Actor, cohort: Cohort, section: str, content: PlanContent | None, loaded: Loaded,
    problems: list[FileProblem],
) -> None:  # fmt: skip
    purpose = SECTIONS[section]
    try:
        if content is None:
            if withdraw_plan(session, actor, cohort, purpose):
                loaded.plans[section] = {"result": "withdrawn", "version": None, "open_points": []}
            return
        result, version = load_plan(session, actor, cohort, purpose, content)
    except Refused as refused:
        problems.append(_said(section, "", refused))
        return
    plan = plan_in_force(session, cohort.id, purpose)
    points = open_points_of(plan) if plan is not None else []
    loaded.plans[section] = {
        "result": result,
        "version": version,
        "open_points": [{"code": point.code, "part": point.part, "key": point.key} for point in points],
    }


def _said(path: str, value: str, refused: Refused) -> FileProblem:
    return FileProblem(path, value, _(refused.message, **refused.values) if refused.values else _(refused.message))
