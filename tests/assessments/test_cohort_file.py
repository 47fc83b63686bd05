"""A cohort from its file: read exactly, refused in one go, loaded once."""

import json
from decimal import Decimal

import pytest
from sqlalchemy import select

from webapp.assessments.cohort_file import read_cohort_file
from webapp.assessments.cohort_loading import CohortFileRefused, load_cohort
from webapp.assessments.models import AssessmentPlan
from webapp.assessments.plans.operations import content_of
from webapp.assessments.queries import plan_in_force, ranking_plan
from webapp.audit import AuditEntry
from webapp.courses.models import Cohort, CourseSession
from webapp.errors import BadInput

FILE = """
cohort: DD-2569-1
course: district-director-course
name_th: หลักสูตรผู้อำนวยการเขต รุ่นที่ 1
starts_on: 2026-01-05
ends_on: "2026-06-30"
seats: 40
selection:
  components: [{code: general, weight: 30, max: 100}, {code: specific, weight: 40, max: 100, pass: 55.5}, {code: interview, weight: 30, max: 100, pass: null}]
  tie_breakers: [specific, {key: entry_date, reason: ตามระเบียบ}]
  reserve: 20
sessions:
  - {code: S01, part: lecture, title_th: การบริหารกรุงเทพมหานคร, date: 2569-01-06, hours: 6}
  - {code: S02, part: activity, title_th: ระดมสมอง, date: 7 ม.ค. 2569, hours: 2.5}
assessment:
  decimals: 2
  components:
    - {code: exam, weight: 33.3, max: 100, pass: 60, source: exam, reason: มติ}
    - {code: proposal, weight: 33.3, max: 50, pass: 60, source: proposal}
    - {code: project, weight: 33.4, max: 0.1, source: project, name_th: โครงการ}
  gates: {coaching_hours: {value: 12, reason: มติ}, attendance_percent: 80, project_accepted: true}
  tie_breakers: [exam, level_tenure, entry_date]
"""


def problems(text):
    return {problem.path: problem for problem in read_cohort_file(text.encode()).problems}


def load(session, actor, text=FILE):
    loaded = load_cohort(session, actor, read_cohort_file(text.encode()))
    session.commit()
    return loaded


def test_numbers_are_taken_from_their_text_and_days_read_in_either_era(session, actor):
    load(session, actor)
    cohort = session.scalar(select(Cohort))
    assert (str(cohort.starts_on), str(cohort.ends_on), cohort.seats, cohort.reserve, cohort.shortlist_size) == (
        "2026-01-05", "2026-06-30", 40, 20, 5,
    )  # fmt: skip
    plan = ranking_plan(plan_in_force(session, cohort.id), 5)
    assert [str(c.weight) for c in plan.components] == ["333/10", "333/10", "167/5"]
    assert str(plan.components[2].maximum) == "1/10"
    held = session.scalars(select(CourseSession).order_by(CourseSession.code)).all()
    assert [(str(row.held_on), row.hours) for row in held] == [
        ("2026-01-06", Decimal(6)),
        ("2026-01-07", Decimal("2.5")),
    ]


def test_a_selection_part_has_sixty_per_cent_unless_set_otherwise(session, actor):
    load(session, actor)
    parts = content_of(plan_in_force(session, 1, "selection")).components
    assert [part.pass_percent for part in parts] == [60, Decimal("55.5"), None]
    assert parts[0].name_th == "ความรู้ทั่วไป"


def test_gates_and_tie_breakers_carry_their_reasons_and_names(session, actor):
    text = FILE.replace(
        "{value: 12, reason: มติ}", "{value: 12, reason: มติ, name_th: ชั่วโมงสอนงาน, name_en: Coaching}"
    ).replace("[exam, level_tenure", "[{code: exam, reason: วัดความรู้, name_th: คะแนนสอบ}, level_tenure")
    load(session, actor, text)
    plan = content_of(plan_in_force(session, 1))
    gate = next(row for row in plan.gates if row.kind == "coaching_hours")
    assert (gate.reason, gate.name_th, gate.name_en) == ("มติ", "ชั่วโมงสอนงาน", "Coaching")
    assert (plan.tie_breakers[0].reason, plan.tie_breakers[0].name_th) == ("วัดความรู้", "คะแนนสอบ")
    assert not load(session, actor, text).changed


def test_a_component_nobody_named_is_called_after_its_source(session, actor):
    load(session, actor)
    names = [(c.name_th, c.name_en) for c in content_of(plan_in_force(session, 1)).components]
    assert names[0] == ("การสอบข้อเขียน", "Examination")
    assert names[2] == ("โครงการ", "")


def test_the_same_file_changes_nothing_not_even_the_audit_log(session, actor):
    load(session, actor)
    before = session.scalars(select(AuditEntry.id)).all()
    again = load(session, actor)
    assert not again.changed
    assert session.scalars(select(AuditEntry.id)).all() == before


def test_before_the_first_score_a_changed_plan_is_a_new_version(session, actor):
    load(session, actor)
    again = load(session, actor, FILE.replace("weight: 33.3, max: 100", "weight: 33.30, max: 90"))
    assert again.plans["assessment"]["version"] == 2
    assert again.plans["selection"]["result"] == "unchanged"
    versions = session.scalars(select(AssessmentPlan).where(AssessmentPlan.purpose == "ranking")).all()
    assert {(plan.version, plan.status) for plan in versions} == {(1, "superseded"), (2, "in-force")}


def test_after_the_first_score_a_changed_plan_is_refused_with_the_way_to_supersede(session, actor, score_one):
    load(session, actor)
    score_one("exam", "70")
    with pytest.raises(CohortFileRefused) as refused:
        load(session, actor, FILE.replace("max: 50", "max: 60"))
    session.rollback()
    (problem,) = refused.value.problems
    assert problem.path == "assessment"
    assert "ฉบับใหม่" in problem.reason
    assert not load(session, actor).changed


def test_everything_wrong_is_told_in_one_go_by_path_and_value():
    text = (
        FILE.replace("seats: 40", "seats: forty\nseet: 40")
        .replace("weight: 33.4", "weight: 33.5")
        .replace("2569-01-06", "2569-02-30")
        .replace("part: activity", "part: party")
        .replace("gates: {", "gates: {coaching: 3, ")
    )
    found = problems(text)
    assert {"seats", "seet", "sessions[0].date", "sessions[1].part", "assessment.gates.coaching"} <= set(found)
    assert found["seats"].value == "forty"
    assert "seats" in found["seet"].reason


def test_weights_that_do_not_sum_to_one_hundred_say_what_they_sum_to():
    found = problems(FILE.replace("weight: 33.4", "weight: 33.5"))
    assert found["assessment.components"].value == "100.1"


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (("hours: 6", "hours: 0"), "sessions[0].hours"),
        (("hours: 6", "hours: 1.234"), "sessions[0].hours"),
        (("code: S02", "code: S01"), "sessions[1].code"),
        (('ends_on: "2026-06-30"', "ends_on: 2026-01-04"), "ends_on"),
        (("max: 50", "max: 0"), "assessment.components[1].max"),
        (("max: 50", "max: .nan"), "assessment.components[1].max"),
        (("max: 50", "max: 0x10"), "assessment.components[1].max"),
        (("pass: 60, source: proposal", "pass: 100.01, source: proposal"), "assessment.components[1].pass"),
        (("source: proposal", "source: rumor"), "assessment.components[1].source"),
        (("[exam, level_tenure", "[exam, exam"), "assessment.tie_breakers[1]"),
        (("[exam, level_tenure", "[exam, height"), "assessment.tie_breakers[1]"),
        (("decimals: 2", "decimals: 7"), "assessment.decimals"),
        (("reserve: 20", "reserve: -1"), "selection.reserve"),
        (("project_accepted: true", "project_accepted: maybe"), "assessment.gates.project_accepted"),
        (("cohort: DD-2569-1", "cohort: DD/2569"), "cohort"),
    ],
)
def test_each_wrong_value_is_named(change, path):
    assert path in problems(FILE.replace(*change))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"- a\n- b",
        b"a: [",
        b"a: 1\na: 2",
        b"\xff\xfe\x00",
        b"a: &x [*x]",
        b"[" * 20000,
        b"a: !!python/object:os.system x\n? [1]: 2",
    ],
)
def test_what_is_no_cohort_file_is_refused_at_once(content, app):
    with pytest.raises(BadInput):
        read_cohort_file(content)


def test_an_unknown_course_is_refused(session, actor):
    with pytest.raises(CohortFileRefused) as refused:
        load(session, actor, FILE.replace("district-director-course", "no-such-course"))
    assert [(p.path, p.value) for p in refused.value.problems] == [("course", "no-such-course")]


def test_the_command_prints_one_document_and_says_what_it_did(session, tmp_path, kaona):
    path = tmp_path / "cohort.yaml"
    path.write_text(FILE, encoding="utf-8")
    code, out, _ = kaona("cohort", "load", str(path), "--json")
    assert code == 0
    assert json.loads(out)["sessions"] == {"created": 2, "updated": 0, "unchanged": 0}
    path.write_text(FILE.replace("seats: 40", "seats: x"), encoding="utf-8")
    code, out, _ = kaona("cohort", "load", str(path), "--json")
    assert code == 1
    assert [error["path"] for error in json.loads(out)["errors"]] == ["seats"]
