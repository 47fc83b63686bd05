"""The score ledger: recorded, corrected, withdrawn, released; what the database refuses whoever asks."""

import inspect
from decimal import Decimal as D
from fractions import Fraction as F

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from tests.assessments.conftest import no_conflicts
from tests.people import account
from webapp import clock
from webapp.accounts.queries import actor_for
from webapp.assessments import operations
from webapp.assessments.models import ScoreEntry, ScoreRelease
from webapp.assessments.operations import correct_score, record_score, release_scores, withdraw_score
from webapp.assessments.panels.operations import drafts_digest, drafts_of, name_member, recuse, save_drafts, submit
from webapp.assessments.queries import standing_scores
from webapp.assessments.rules import Given, Line
from webapp.audit import AuditEntry
from webapp.courses.models import Cohort
from webapp.database import db
from webapp.errors import Conflict, NotAllowed, NotFound, RuleBroken
from webapp.officers.models import Officer


def rubric(analysis, delivery):
    return Given(marks=(Line("analysis", D(2), D(10), D(analysis)), Line("delivery", D(1), D(5), D(delivery))))


def count(session):
    return session.scalar(select(func.count(ScoreEntry.id)))


def scores(session, cohort):
    return standing_scores(session, cohort.id)


def test_a_mark_is_recorded_with_its_audit_entry(session, trainees, staff):
    entry = record_score(session, actor_for(staff), trainees[0], "exam", Given(D("71.25")))
    session.commit()
    kept = session.get(ScoreEntry, entry.id)
    assert (kept.score, kept.entered_by, kept.maximum, kept.replaces_id) == (D("71.25"), staff.name, 100, None)
    last = session.scalar(select(AuditEntry).order_by(AuditEntry.id.desc()))
    assert (last.action, last.thing_key) == ("assessments:score:record", "DD-1/ranking/exam")


@pytest.mark.parametrize("points", ["-0.01", "100.01", "3.123"])
def test_points_out_of_range_are_refused(session, trainees, actor, points):
    with pytest.raises(RuleBroken):
        record_score(session, actor, trainees[0], "exam", Given(D(points)))
    assert count(session) == 0


def test_nobody_scores_themselves(session, trainees):
    person = account("institute")
    session.get(Officer, trainees[0].officer_id).account_id = person.id
    with pytest.raises(RuleBroken):
        record_score(session, actor_for(person), trainees[0], "exam", Given(D(100)))
    record_score(session, actor_for(person), trainees[1], "exam", Given(D(70)))


@pytest.mark.parametrize("role", ["officer", "mentor", "commission", "executive", "auditor", "assessor"])
def test_only_staff_and_named_members_enter_marks(session, trainees, role):
    with pytest.raises(NotAllowed):
        record_score(session, actor_for(account(role)), trainees[0], "exam", Given(D(70)))


def test_a_component_of_no_plan_is_not_there(session, trainees, actor):
    with pytest.raises(NotFound):
        record_score(session, actor, trainees[0], "painting", Given(D(70)))


def test_a_second_first_mark_is_refused_with_both_values_and_whose(session, trainees, staff, actor):
    record_score(session, actor_for(staff), trainees[0], "exam", Given(D(70)))
    with pytest.raises(Conflict) as refused:
        record_score(session, actor, trainees[0], "exam", Given(D(80)))
    assert {"70", "80", staff.name} <= set(refused.value.values.values())


def test_a_correction_names_what_was_seen_and_why(session, cohort, trainees, actor):
    first = record_score(session, actor, trainees[0], "exam", Given(D(70)))
    with pytest.raises(RuleBroken):
        correct_score(session, actor, first.id, Given(D(75)), reason="  ")
    second = correct_score(session, actor, first.id, Given(D(75)), reason="รวมคะแนนผิด")
    assert second.replaces_id == first.id
    with pytest.raises(Conflict) as refused:
        correct_score(session, actor, first.id, Given(D(60)), reason="อีกคนหนึ่ง")
    assert {"75", "60"} <= set(refused.value.values.values())
    assert scores(session, cohort).of_row(0) == {"exam": F(75)}
    assert session.get(ScoreEntry, first.id).score == 70


def test_members_do_not_correct_staff_do(session, cohort, trainees, assessors, staff):
    no_conflicts(session, name_member(session, actor_for(staff), cohort, "exam", assessors[0]))
    entry = record_score(session, actor_for(assessors[0]), trainees[0], "exam", Given(D(70)), member=assessors[0].name)
    with pytest.raises(NotAllowed):
        correct_score(session, actor_for(assessors[0]), entry.id, Given(D(90)), reason="เปลี่ยนใจ")
    correct_score(session, actor_for(staff), entry.id, Given(D(90)), reason="บวกผิด")


def test_a_withdrawn_mark_no_longer_counts_and_can_be_given_again_with_a_reason(session, cohort, trainees, actor):
    first = record_score(session, actor, trainees[0], "exam", Given(D(70)))
    gone = withdraw_score(session, actor, first.id, reason="ผิดคน")
    assert gone.withdrawn
    assert scores(session, cohort).of_row(0) == {}
    correct_score(session, actor, gone.id, Given(D(55)), reason="คะแนนที่ถูกต้อง")
    assert scores(session, cohort).of_row(0) == {"exam": F(55)}


def test_a_form_sent_twice_is_recorded_once_and_refused_with_other_content(session, trainees, actor):
    first = record_score(session, actor, trainees[0], "exam", Given(D(70)), key="k1")
    again = record_score(session, actor, trainees[0], "exam", Given(D(70)), key="k1")
    assert again.id == first.id
    with pytest.raises(Conflict):
        record_score(session, actor, trainees[0], "exam", Given(D(71)), key="k1")
    assert count(session) == 1


def test_two_tabs_correcting_the_same_mark_end_in_one_correction(session, trainees, actor):
    first = record_score(session, actor, trainees[0], "exam", Given(D(70)))
    correct_score(session, actor, first.id, Given(D(71)), reason="แท็บแรก", key="tab-1")
    with pytest.raises(Conflict):
        correct_score(session, actor, first.id, Given(D(72)), reason="แท็บสอง", key="tab-2")
    assert count(session) == 2


def test_release_is_by_staff_once_and_for_all(session, cohort, staff):
    with pytest.raises(NotAllowed):
        release_scores(session, actor_for(account("assessor")), cohort, "exam")
    first = release_scores(session, actor_for(staff), cohort, "exam")
    assert release_scores(session, actor_for(account("institute")), cohort, "exam").id == first.id
    assert session.scalar(select(func.count(ScoreRelease.id))) == 1


def test_a_closed_cohort_takes_no_new_marks(session, cohort, trainees, actor):
    session.get(Cohort, cohort.id).closed_at = clock.now()
    with pytest.raises(RuleBroken):
        record_score(session, actor, trainees[0], "exam", Given(D(70)))


# Panels ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def panel(session, cohort, trainees, assessors, staff):
    members = [name_member(session, actor_for(staff), cohort, "proposal", person) for person in assessors]
    no_conflicts(session, *members)
    return members


def draft_and_submit(session, person, member, enrollment, analysis, delivery, key="s1"):
    actor = actor_for(person)
    save_drafts(session, actor, member, {enrollment.id: ({"analysis": analysis, "delivery": delivery}, "")})
    return submit(session, actor, member, [enrollment.id], seen=drafts_digest(drafts_of(session, member)), key=key)


def test_a_score_waits_for_every_named_member(session, cohort, trainees, assessors, panel):
    draft_and_submit(session, assessors[0], panel[0], trainees[0], "7", "4")
    assert scores(session, cohort).of_row(0) == {"proposal": None}
    draft_and_submit(session, assessors[1], panel[1], trainees[0], "8", "5", key="s2")
    first = 50 * (F(14, 10) + F(4, 5)) / 3
    second = 50 * (F(16, 10) + 1) / 3
    assert scores(session, cohort).of_row(0) == {"proposal": (first + second) / 2}


def test_a_recused_members_marks_stay_and_do_not_count(session, cohort, trainees, assessors, panel, staff):
    draft_and_submit(session, assessors[0], panel[0], trainees[0], "7", "4")
    draft_and_submit(session, assessors[1], panel[1], trainees[0], "10", "5", key="s2")
    with pytest.raises(RuleBroken):
        recuse(session, actor_for(staff), panel[1], reason=" ")
    recuse(session, actor_for(staff), panel[1], reason="เป็นญาติ")
    assert scores(session, cohort).of_row(0) == {"proposal": 50 * (F(14, 10) + F(4, 5)) / 3}
    assert count(session) == 2
    with pytest.raises(RuleBroken):
        save_drafts(session, actor_for(assessors[1]), panel[1], {trainees[1].id: ({"analysis": "1"}, "")})


def test_a_draft_is_no_score_and_nobody_elses(session, cohort, trainees, assessors, panel):
    save_drafts(
        session, actor_for(assessors[0]), panel[0], {trainees[0].id: ({"analysis": "11", "delivery": "x"}, "จด")}
    )
    assert scores(session, cohort).columns == {}
    with pytest.raises(NotAllowed):
        save_drafts(session, actor_for(assessors[1]), panel[0], {trainees[0].id: ({"analysis": "1"}, "")})
    digest = drafts_digest(drafts_of(session, panel[0]))
    with pytest.raises(RuleBroken):
        submit(session, actor_for(assessors[0]), panel[0], [trainees[0].id], seen=digest, key="x")
    assert count(session) == 0


def test_what_was_checked_is_what_is_submitted(session, trainees, assessors, panel):
    actor = actor_for(assessors[0])
    save_drafts(session, actor, panel[0], {trainees[0].id: ({"analysis": "7", "delivery": "4"}, "")})
    seen = drafts_digest(drafts_of(session, panel[0]))
    save_drafts(session, actor, panel[0], {trainees[0].id: ({"analysis": "8", "delivery": "4"}, "")})
    with pytest.raises(Conflict):
        submit(session, actor, panel[0], [trainees[0].id], seen=seen, key="x")


def test_a_submission_sent_twice_is_one(session, trainees, assessors, panel):
    first = draft_and_submit(session, assessors[0], panel[0], trainees[0], "7", "4")
    again = submit(session, actor_for(assessors[0]), panel[0], [trainees[0].id], seen="whatever", key="s1")
    assert [entry.id for entry in again] == [entry.id for entry in first]
    assert count(session) == 1


def test_a_trainee_is_not_named_to_the_panel_of_their_own_cohort(session, cohort, trainees, staff):
    person = account("assessor", "officer")
    session.get(Officer, trainees[0].officer_id).account_id = person.id
    with pytest.raises(RuleBroken):
        name_member(session, actor_for(staff), cohort, "exam", person)


def test_a_panel_and_one_mark_for_all_exclude_each_other(session, cohort, trainees, assessors, panel, staff):
    with pytest.raises(RuleBroken):
        record_score(session, actor_for(staff), trainees[0], "proposal", rubric(7, 4))
    record_score(session, actor_for(staff), trainees[0], "proposal", rubric(7, 4), member=assessors[0].name)


# The database says no too ----------------------------------------------------------------------------------------


def row(trainees, **changes):
    values = {
        "enrollment_id": trainees[0].id, "purpose": "ranking", "component": "exam", "member": "", "score": D(70),
        "maximum": D(100), "withdrawn": False, "entered_by": "ก", "entered_at": clock.now(),
    }  # fmt: skip
    return ScoreEntry(**{**values, **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {"purpose": "fun"}, {"score": D(-1)}, {"score": None}, {"withdrawn": True}, {"enrollment_id": 999999},
        {"replaces_id": 999999, "reason": "x"}, {"entered_by": None},
    ],
)  # fmt: skip
def test_the_database_refuses_a_broken_entry(any_database, session, trainees, changes):
    session.add(row(trainees, **changes))
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_the_database_refuses_two_first_marks_two_corrections_and_a_correction_without_reason(
    any_database, session, trainees
):
    first = row(trainees, key="k")
    session.add(first)
    session.flush()
    for wrong in (row(trainees), row(trainees, replaces_id=first.id), row(trainees, member="ก", key="k")):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.add(wrong)
    session.add(row(trainees, replaces_id=first.id, reason="ผิด"))
    session.flush()
    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(row(trainees, replaces_id=first.id, reason="ผิดอีก"))


@pytest.mark.parametrize("table", ["score_entry", "audit_entry"])
@pytest.mark.parametrize("verb", ["update {} set id = id", "delete from {}"])
def test_the_database_refuses_to_change_or_delete_a_line(any_database, session, trainees, actor, table, verb):
    record_score(session, actor, trainees[0], "exam", Given(D(70)))
    session.commit()
    with pytest.raises(DatabaseError, match="append-only"):
        session.execute(text(verb.format(table)))
    session.rollback()


def test_the_session_cannot_change_a_line_either(session, trainees, actor):
    record_score(session, actor, trainees[0], "exam", Given(D(70)))
    session.commit()
    with pytest.raises(DatabaseError, match="append-only"):
        session.execute(update(ScoreEntry).values(score=D(99)))
    session.rollback()


def test_no_operation_updates_or_deletes_an_entry():
    source = inspect.getsource(operations)
    assert "update(" not in source
    assert "delete(" not in source


# Columns ---------------------------------------------------------------------------------------------------------


def test_columns_agree_with_the_rule_one_by_one(
    any_database, session, cohort, trainees, assessors, panel, staff, actor
):
    from webapp.assessments.desk import open_desk

    record_score(session, actor, trainees[1], "exam", Given(D("66.67")))
    draft_and_submit(session, assessors[0], panel[0], trainees[0], "7", "4")
    draft_and_submit(session, assessors[1], panel[1], trainees[0], "7.5", "3.25", key="b")
    draft_and_submit(session, assessors[0], panel[0], trainees[2], "1", "1", key="c")
    session.add(
        row(trainees, enrollment_id=trainees[1].id, component="proposal", member="ผู้อื่น", score=D(20), import_id=1)
    )
    session.commit()
    found = scores(session, cohort)
    for code in ("exam", "proposal"):
        desk = open_desk(session, cohort, "ranking", code)
        assert [found.column(code)[place] for place in range(3)] == [desk.outcome_of(t.id).score for t in trainees]


def test_columns_take_as_many_statements_for_one_as_for_all(session, cohort, trainees, actor, statements):
    def how_many():
        with statements() as ran:
            scores(session, cohort)
        return len(ran)

    record_score(session, actor, trainees[0], "exam", Given(D(1)))
    before = how_many()
    for trainee in trainees[1:]:
        record_score(session, actor, trainee, "exam", Given(D(2)))
    assert how_many() == before <= 6


def test_columns_come_in_the_order_asked_for(session, cohort, trainees, actor):
    for number, trainee in enumerate(trainees):
        record_score(session, actor, trainee, "exam", Given(D(number)))
    ids = [trainees[2].id, trainees[0].id, trainees[1].id]
    column = standing_scores(session, cohort.id, "ranking", ids).column("exam")
    assert [column[n] for n in range(3)] == [2, 0, 1]
    assert db.session is not None
