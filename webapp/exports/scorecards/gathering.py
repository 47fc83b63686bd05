"""Reading what a scorecard workbook shows, the frozen run first: published, else confirmed, else the latest draft.

A run is shown as frozen while the figures it was made from still stand; once they have changed, the ranking as it
stands now is shown, and said not to be frozen.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.assessments.models import AssessmentPlan, CompetencyRating, PanelMember, ScoreEntry
from webapp.assessments.panels.seats import guides_in_force
from webapp.assessments.ranking.scores import from_plain
from webapp.careers import queries as careers
from webapp.careers.models import Competency, Course, Post, Unit
from webapp.courses.models import Cohort, Enrollment
from webapp.courses.queries import attendance_grid, sessions_of
from webapp.errors import NotFound, RuleBroken
from webapp.exports.scorecards.material import Component, Criterion, Expected, Mark, Material, Person, Rated
from webapp.language import language
from webapp.officers.models import Officer, Posting
from webapp.records.columns import LISTED
from webapp.records.words import reason_words
from webapp.shortlist import queries as shortlist
from webapp.shortlist.freezing import frozen, result_of, thawed
from webapp.shortlist.models import ShortlistRun
from webapp.shortlist.operations import inputs_of

PREFERRED = ("published", "confirmed", "draft")
RANKED_FROM = ("plan", "people", "marks")
"""Parts of the frozen inputs that decide the ranking; a name or a status that has changed since does not."""

MANY_AT_ONCE = 900
"""Ids in one statement: below the least that any database takes."""


class Standing(NamedTuple):
    """The ranking to show: its inputs and result, the run that froze it, or the run that no longer matches it."""

    inputs: dict[str, Any]
    result: dict[str, Any]
    run: ShortlistRun | None
    other_run: ShortlistRun | None


def words(thing: Any) -> str:
    """A thing's name in the reader's language; the Thai one where there is no English."""
    if thing is None:
        return ""
    thai = thing["name_th"] if isinstance(thing, Mapping) else thing.name_th
    english = thing["name_en"] if isinstance(thing, Mapping) else thing.name_en
    return str(english or thai) if language() == "en" else str(thai)


def people_listed(session: Session, cohort_id: int) -> int:
    """How many enrollments the ranking lists."""
    listed = select(func.count(Enrollment.id)).where(Enrollment.cohort_id == cohort_id, Enrollment.status.in_(LISTED))
    return session.scalar(listed) or 0


def preferred_run(session: Session, cohort_id: int) -> ShortlistRun | None:
    """The run staff would show: published, else confirmed, else the latest draft."""
    found = session.scalars(
        select(ShortlistRun)
        .where(ShortlistRun.cohort_id == cohort_id, ShortlistRun.status.in_(PREFERRED))
        .order_by(ShortlistRun.id.desc())
    ).all()
    return min(found, key=lambda run: PREFERRED.index(run.status), default=None)


def standing_of(session: Session, cohort: Cohort) -> Standing:
    """What is to be shown of a cohort's ranking. Raises ``RuleBroken`` without a plan or without people."""
    live = thawed(frozen(inputs_of(session, cohort)))
    if not live["persons"]:
        raise RuleBroken(
            "รุ่น %(cohort)s ยังไม่มีผู้เข้ารับการอบรม จึงไม่มีใบคะแนน นำเข้าหรือเพิ่มผู้เข้ารับการอบรมก่อน", cohort=cohort.code
        )
    run = preferred_run(session, cohort.id)
    if run is not None:
        kept = thawed(run.inputs)
        if all(kept[part] == live[part] for part in RANKED_FROM):
            return Standing(kept, thawed(run.result), run, None)
    return Standing(live, result_of(live), None, run)


def gather(session: Session, cohort: Cohort, officer_no: str = "") -> Material:
    """Everything a workbook of the cohort shows; of one officer alone where a number is given (else ``NotFound``)."""
    standing = standing_of(session, cohort)
    if officer_no and officer_no not in standing.inputs["persons"]:
        raise NotFound("ไม่พบข้าราชการหมายเลข %(officer)s ในรุ่น %(cohort)s", officer=officer_no, cohort=cohort.code)
    inputs, run, today = standing.inputs, standing.run, clock.today()
    course = session.get_one(Course, cohort.course_id)
    post = session.get(Post, course.post_id) if course.post_id else None
    profile = careers.published_profile(session, post.id) if post is not None else None
    plan = _plan(session, cohort, run)
    persons = _persons(session, cohort, standing, {officer_no} if officer_no else set(inputs["persons"]), today)
    return Material(
        cohort=cohort, course=words(course), post=words(post), profile_version=profile.version if profile else None,
        inputs=inputs, run=run, other_run=standing.other_run,
        decision=shortlist.tie_decision(session, run.id) if run is not None else None,
        discretions=_discretions(session, run), plan_version=inputs["plan_facts"]["version"],
        size=inputs["size"], decimals=inputs["plan"]["decimals"],
        components=tuple(_components(session, cohort, plan, inputs, persons)),
        gates=inputs["plan"].get("gates") or {}, reasons=inputs["plan_facts"]["reasons"],
        tie_breakers=tuple(inputs["plan"]["tie_breakers"]), sessions=tuple(sessions_of(session, cohort)),
        hours_held=from_plain(inputs["people"]["hours_held"]),
        expected=_expected(session, profile.document if profile else {}), persons=tuple(persons),
        in_cohort=len(inputs["persons"]), ranked=len(standing.result["entries"]), alone=bool(officer_no), as_of=today,
        made_at=clock.now(), audit_head=audit.head_of(session),
    )  # fmt: skip


def _plan(session: Session, cohort: Cohort, run: ShortlistRun | None) -> AssessmentPlan:
    if run is not None:
        return session.get_one(AssessmentPlan, run.plan_id)
    return shortlist.plan_or_refusal(session, cohort)


def _discretions(session: Session, run: ShortlistRun | None) -> list[tuple[Any, Any, str]]:
    if run is None:
        return []
    return [(made, rule, words(officer)) for made, rule, officer in shortlist.discretions_of(session, run.id)]


def _components(
    session: Session, cohort: Cohort, plan: AssessmentPlan, inputs: Mapping[str, Any], persons: Iterable[Person]
) -> list[Component]:
    panel: dict[str, list[str]] = defaultdict(list)
    named = (
        select(PanelMember.component, PanelMember.name)
        .where(PanelMember.cohort_id == cohort.id, PanelMember.purpose == "ranking", PanelMember.recused_at.is_(None))
        .order_by(PanelMember.id)
    )
    for code, name in session.execute(named):
        panel[code].append(name)
    given: dict[str, set[str]] = defaultdict(set)
    for person in persons:
        for code, marks in person.marks.items():
            given[code].update(marks)
    names = inputs["plan_facts"]["components"]
    guides: Mapping[str, Sequence[Any]] = guides_in_force(session, cohort.id, "ranking")
    return [
        Component(
            code=row.code, name=words(names[row.code]), weight=Fraction(row.weight), maximum=Fraction(row.maximum),
            pass_percent=None if row.pass_percent is None else Fraction(row.pass_percent), source=row.source,
            reason=row.reason,
            criteria=tuple(Criterion(c.code, words(c), c.weight, c.maximum) for c in guides.get(row.code, row.criteria)),
            members=_members(panel[row.code], given[row.code]),
        )
        for row in plan.components
    ]  # fmt: skip


def _members(panel: list[str], given: set[str]) -> tuple[str, ...]:
    """The panel in its order, then others whose marks count; where nobody is named and nothing given, one for all."""
    others = sorted(given - set(panel))
    if given and not given & set(panel):
        return tuple(others)
    return (*panel, *others) or ("",)


def _expected(session: Session, document: Mapping[str, Any]) -> tuple[Expected, ...]:
    known = {row.code: row for row in session.scalars(select(Competency).order_by(Competency.position))}
    return tuple(
        Expected(
            row["competency"],
            words(known[row["competency"]]) if row["competency"] in known else row["competency"],
            row.get("expected_level"),
        )
        for row in document.get("competencies", ())
    )


def _persons(session: Session, cohort: Cohort, standing: Standing, wanted: set[str], day: dt.date) -> list[Person]:
    """The ranked in order, then the others, as the result lists them."""
    inputs, result = standing.inputs, standing.result
    people = {row["officer_no"]: row for row in inputs["people"]["people"]}
    ids = _ids(session, cohort.id)
    lines = _rubric_lines(session, inputs["marks"], wanted)
    grid: dict[int, dict[int, Any]] = defaultdict(dict)
    for (enrollment_id, session_id), (present, hours) in attendance_grid(session, cohort).items():
        grid[enrollment_id][session_id] = hours if present else hours * 0
    posts, ratings = _posts(session, cohort.id, day), _ratings(session, cohort.id, day)
    found = []
    for row in [*result["entries"], *result["unranked"]]:
        number = row["officer_no"]
        if number not in wanted:
            continue
        enrollment_id, officer_id = ids[number]
        found.append(
            _person(
                row, people[number], inputs, lines, grid[enrollment_id], posts.get(officer_id, ("", "")),
                ratings.get(officer_id, {}),
            )
        )  # fmt: skip
    return found


def _person(
    row: Mapping[str, Any], facts: Mapping[str, Any], inputs: Mapping[str, Any],
    lines: Mapping[int, Any], hours: Mapping[int, Any], post: tuple[str, str], ratings: Mapping[str, Rated],
) -> Person:  # fmt: skip
    number = row["officer_no"]
    person, names = inputs["persons"][number], inputs["plan_facts"]["components"]
    marks = {
        code: {member: Mark(from_plain(total), lines.get(entry)) for entry, member, total in given}
        for code, given in inputs["marks"].get(number, {}).items()
    }
    entry_date = facts.get("entry_date")
    return Person(
        officer_no=number, name=words(person), status=person["status"], post=post[0], unit=post[1],
        rank=row.get("rank"), composite=row.get("composite", ""), shortlisted=row.get("shortlisted", False),
        tied_at_line=row.get("tied_at_line", False),
        reasons=tuple(reason_words(reason, names) for reason in row.get("reasons", ())),
        scores={code: None if text is None else from_plain(text) for code, text in facts["scores"].items()},
        parts={code: from_plain(text) for code, text in row.get("parts", {}).items()}, marks=marks,
        attended=from_plain(facts.get("attended", "0")), hours=hours,
        coaching_minutes=facts.get("coaching_minutes", 0), shadowing_minutes=person["shadowing_minutes"],
        project_accepted=facts.get("project_accepted"), level_tenure=facts.get("level_tenure"),
        entry_date=dt.date.fromisoformat(entry_date) if entry_date else None, ratings=ratings,
    )  # fmt: skip


def _ids(session: Session, cohort_id: int) -> dict[str, tuple[int, int]]:
    rows = session.execute(
        select(Officer.officer_no, Enrollment.id, Officer.id)
        .join(Enrollment, Enrollment.officer_id == Officer.id)
        .where(Enrollment.cohort_id == cohort_id)
    )
    return {number: (enrollment_id, officer_id) for number, enrollment_id, officer_id in rows}


def _rubric_lines(session: Session, marks: Mapping[str, Any], wanted: set[str]) -> dict[int, Any]:
    """The rubric lines of the ledger's entries behind the marks; the ledger never changes, so they are as frozen."""
    ids = sorted(
        entry for number in wanted for given in marks.get(number, {}).values() for entry, _member, _total in given
    )
    found: dict[int, Any] = {}
    for start in range(0, len(ids), MANY_AT_ONCE):
        some = ids[start : start + MANY_AT_ONCE]
        rows = session.execute(select(ScoreEntry.id, ScoreEntry.marks).where(ScoreEntry.id.in_(some)))
        found.update({entry: tuple(lines) for entry, lines in rows if lines})
    return found


def _posts(session: Session, cohort_id: int, day: dt.date) -> dict[int, tuple[str, str]]:
    """By officer: the post and unit held on ``day`` by the latest-begun posting that is not acting."""
    rows = session.execute(
        select(Posting.officer_id, Post, Unit)
        .join(Post, Post.id == Posting.post_id)
        .join(Unit, Unit.id == Posting.unit_id)
        .join(Enrollment, Enrollment.officer_id == Posting.officer_id)
        .where(
            Enrollment.cohort_id == cohort_id,
            Posting.voided_at.is_(None),
            Posting.acting.is_(False),
            Posting.started_on <= day,
            or_(Posting.ended_on.is_(None), Posting.ended_on >= day),
        )
        .order_by(Posting.started_on, Posting.id)
    )
    return {officer_id: (words(post), words(unit)) for officer_id, post, unit in rows}


def _ratings(session: Session, cohort_id: int, day: dt.date) -> dict[int, dict[str, Rated]]:
    """By officer and competency, the latest rating on or before ``day``; of several on one day the lowest."""
    rows = session.execute(
        select(
            CompetencyRating.officer_id, CompetencyRating.competency_code, CompetencyRating.rating,
            CompetencyRating.rated_on, CompetencyRating.method, CompetencyRating.assessor,
        )
        .join(Enrollment, Enrollment.officer_id == CompetencyRating.officer_id)
        .where(
            Enrollment.cohort_id == cohort_id, CompetencyRating.voided_at.is_(None), CompetencyRating.rated_on <= day,
            CompetencyRating.released_at.is_not(None),
        )
        .order_by(CompetencyRating.rated_on, CompetencyRating.rating.desc(), CompetencyRating.id)
    )  # fmt: skip
    found: dict[int, dict[str, Rated]] = defaultdict(dict)
    for officer_id, code, rating, rated_on, method, assessor in rows:
        found[officer_id][code] = Rated(rating, rated_on, method, assessor)
    return found


def source_words(material: Material) -> str:
    """Which ranking the workbook shows, as one sentence."""
    run = material.run
    if run is None and material.other_run is not None:
        return _("การจัดลำดับ ณ ขณะนี้ ยังไม่ตรึงผล (ข้อมูลเปลี่ยนไปจากรายชื่อหมายเลข %(run)s แล้ว)", run=material.other_run.id)
    if run is None:
        return _("การจัดลำดับ ณ ขณะนี้ ยังไม่ตรึงผล")
    states = {"published": _("เผยแพร่แล้ว"), "confirmed": _("ยืนยันแล้ว ยังไม่เผยแพร่"), "draft": _("ร่าง ยังไม่ยืนยัน")}
    return _("รายชื่อหมายเลข %(run)s (%(state)s) ผลตรึงแล้ว", run=run.id, state=states[run.status])
