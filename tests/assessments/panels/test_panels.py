"""Panels as operations: who is kept from whom, what is stated, talked about, kept, and what the database refuses."""

import datetime as dt
from decimal import Decimal as D
from fractions import Fraction as F

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DatabaseError

from tests.assessments.conftest import enroll, no_conflicts, officer
from tests.assessments.panels.conftest import GUIDE, give
from tests.people import account
from webapp.accounts.queries import actor_for
from webapp.assessments.desk import open_desk
from webapp.assessments.models import ScoreEntry
from webapp.assessments.operations import record_score
from webapp.assessments.panels import conflicts, discussing, guides, settings, turns
from webapp.assessments.panels.conflicts import Said, state
from webapp.assessments.panels.models import (
    Discussion,
    InterviewGuide,
    PanelRelation,
    PanelSetting,
    PanelStatement,
)
from webapp.assessments.panels.operations import name_member, save_drafts
from webapp.assessments.queries import standing_scores
from webapp.assessments.rules import Given
from webapp.audit import AuditEntry
from webapp.coaching.models import MentorPairing
from webapp.errors import Conflict, NotAllowed, NotFound, RuleBroken
from webapp.officers.models import Officer
from webapp.records.queries import records_of

# Conflicts of interest -----------------------------------------------------------------------------------------------


@pytest.fixture
def judge(session, assessors):
    """The second assessor is an officer of the register."""
    made = officer(session, "J1", "ผู้พิพากษา", account_id=assessors[1].id)
    session.commit()
    return made


def test_the_register_keeps_supervisors_and_mentors_from_marking_with_the_reason(
    any_database, session, cohort, met, trainees, assessors, staff, judge
):
    session.get(Officer, trainees[0].officer_id).supervisor_id = judge.id
    session.add(
        MentorPairing(enrollment_id=trainees[1].id, mentor_id=judge.id, paired_by="ก", paired_at=staff.created_at)
    )
    member = name_member(session, actor_for(staff), cohort, "proposal", assessors[1])
    desk = open_desk(session, cohort, "ranking", "proposal")
    assert [desk.apart(member.name, t.id) for t in trainees] == ["supervisor", "mentor", ""]
    no_conflicts(session, member)
    for trainee, why in zip(trainees[:2], ("ผู้บังคับบัญชา", "ผู้สอนงาน"), strict=True):
        with pytest.raises(RuleBroken, match=why):
            record_score(session, actor_for(staff), trainee, "proposal", Given(D(30)), member=member.name)
        with pytest.raises(RuleBroken, match=why):
            save_drafts(session, actor_for(assessors[1]), member, {trainee.id: ({"score": "30"}, "")})
    give(session, assessors[1], member, trainees[2], "30")


def test_somebody_who_becomes_a_supervisor_before_the_mark_is_kept_apart_then(
    session, panel, trainees, assessors, judge, desk
):
    no_conflicts(session, *panel)
    session.get(Officer, trainees[0].officer_id).supervisor_id = judge.id
    session.commit()
    with pytest.raises(RuleBroken, match="ผู้บังคับบัญชา"):
        give(session, assessors[1], panel[1], trainees[0], "30")
    give(session, assessors[1], panel[1], trainees[1], "30")
    session.get(Officer, trainees[1].officer_id).supervisor_id = judge.id
    session.commit()
    give(session, assessors[1], panel[1], trainees[2], "30")
    assert desk().apart(panel[1].name, trainees[1].id) == "", "what was given by somebody who could give it stays"


def test_nobody_marks_before_stating_and_new_people_are_stated_on_anew(session, cohort, panel, trainees, assessors):
    with pytest.raises(RuleBroken, match="แจ้งส่วนได้เสีย"):
        give(session, assessors[0], panel[0], trainees[0], "30")
    with pytest.raises(RuleBroken, match="แจ้งส่วนได้เสีย"):
        record_score(session, actor_for(assessors[0]), trainees[0], "proposal", Given(D(30)), member=panel[0].name)
    no_conflicts(session, panel[0])
    give(session, assessors[0], panel[0], trainees[0], "30")
    late = enroll(session, cohort, officer(session, "L1"))
    with pytest.raises(RuleBroken, match="แจ้งส่วนได้เสีย"):
        give(session, assessors[0], panel[0], late, "30")


def test_a_relative_is_stated_recorded_and_the_mean_is_of_the_others(
    any_database, session, cohort, panel, trainees, assessors, desk
):
    state(session, actor_for(assessors[0]), panel[0], desk(), [Said("relative", "น้องสาว", trainees[0].id)])
    no_conflicts(session, panel[1])
    session.commit()
    row = session.scalar(select(PanelRelation).where(PanelRelation.member_id == panel[0].id))
    assert (row.relation, row.found, row.note, row.recorded_by) == ("relative", "declared", "น้องสาว", assessors[0].name)
    give(session, assessors[1], panel[1], trainees[0], "31")
    give(session, assessors[1], panel[1], trainees[1], "40")
    session.commit()
    assert desk().outcome_of(trainees[0].id).score == 31
    assert desk().outcome_of(trainees[1].id).awaiting == (panel[0].name,)
    column = standing_scores(session, cohort.id).column("proposal")
    assert [column[n] for n in range(3)] == [31, None, None]
    kept = records_of(session, cohort)
    assert kept is not None
    assert session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.action == "assessments:panel:state")) == 2


def test_only_the_member_states_and_only_known_relations(session, panel, trainees, assessors, staff, desk):
    for person in (assessors[1], staff):
        with pytest.raises(NotAllowed):
            state(session, actor_for(person), panel[0], desk(), [])
    for relation in ("self", "named", "none", "x"):
        with pytest.raises(RuleBroken):
            state(session, actor_for(assessors[0]), panel[0], desk(), [Said(relation, "", trainees[0].id)])
    with pytest.raises(NotFound):
        state(session, actor_for(assessors[0]), panel[0], desk(), [Said("other", "", 999999)])


def test_blind_panels_state_by_typed_names(session, panel, trainees, assessors, desk):
    state(
        session, actor_for(assessors[0]), panel[0], desk(),
        [Said("relative", who=" กานดา  ทดสอบ"), Said("relative", who="T2"), Said("other", who="ใครก็ไม่รู้"), Said("other", who="ทดสอบ")],
    )  # fmt: skip
    assert [desk().apart(panel[0].name, t.id) for t in trainees] == ["relative", "relative", ""]
    assert len(session.scalar(select(PanelStatement.said))) == 4


def test_staff_keep_apart_and_lift_with_a_reason_and_marks_given_no_longer_count(
    session, cohort, panel, trainees, assessors, staff, desk
):
    no_conflicts(session, *panel)
    for person, member, points in zip(assessors, panel, ("30", "40"), strict=True):
        give(session, person, member, trainees[0], points)
    with pytest.raises(RuleBroken):
        conflicts.keep_apart(session, actor_for(staff), desk(), panel[0], trainees[0].id, "other", note=" ")
    conflicts.keep_apart(session, actor_for(staff), desk(), panel[0], trainees[0].id, "other", note="ร้องเรียน")
    session.commit()
    assert desk().outcome_of(trainees[0].id).score == 40
    assert standing_scores(session, cohort.id).column("proposal")[0] == 40
    with pytest.raises(RuleBroken):
        conflicts.lift(session, actor_for(staff), desk(), panel[0], trainees[0].id, note="")
    conflicts.lift(session, actor_for(staff), desk(), panel[0], trainees[0].id, note="ตรวจแล้วไม่จริง")
    assert desk().outcome_of(trainees[0].id).score == 35
    assert session.scalar(select(func.count(PanelRelation.id))) == 2
    with pytest.raises(NotAllowed):
        conflicts.keep_apart(session, actor_for(assessors[0]), desk(), panel[1], trainees[0].id, "other", note="x")


def test_a_substitute_marks_only_whom_they_are_named_for(
    any_database, session, cohort, panel, trainees, assessors, staff, desk
):
    state(session, actor_for(assessors[0]), panel[0], desk(), [Said("relative", "", trainees[0].id)])
    no_conflicts(session, panel[1])
    third = account("assessor", name="ผู้แทน")
    member = name_member(session, actor_for(staff), cohort, "proposal", third, substitute=True)
    conflicts.put_in_place(session, actor_for(staff), desk(), member, trainees[0].id)
    no_conflicts(session, member)
    assert desk().named_for(trainees[0].id) == (panel[1].name, "ผู้แทน")
    assert desk().named_for(trainees[1].id) == (panel[0].name, panel[1].name)
    with pytest.raises(RuleBroken, match="เฉพาะบางคน"):
        give(session, third, member, trainees[1], "30")
    give(session, assessors[1], panel[1], trainees[0], "30")
    session.commit()
    column = standing_scores(session, cohort.id).column("proposal")
    assert column[0] is None, "the substitute is awaited"
    give(session, third, member, trainees[0], "33")
    session.commit()
    column = standing_scores(session, cohort.id).column("proposal")
    assert (column[0], desk().outcome_of(trainees[0].id).score) == (F(63, 2), F(63, 2))
    with pytest.raises(RuleBroken):
        conflicts.put_in_place(session, actor_for(staff), desk(), panel[1], trainees[0].id)


def test_a_substitute_whom_the_register_keeps_away_is_refused(session, cohort, panel, trainees, staff, desk):
    third = account("assessor", name="ผู้แทน")
    boss = officer(session, "B1", account_id=third.id)
    session.get(Officer, trainees[0].officer_id).supervisor_id = boss.id
    member = name_member(session, actor_for(staff), cohort, "proposal", third, substitute=True)
    with pytest.raises(RuleBroken, match="มีส่วนได้เสีย"):
        conflicts.put_in_place(session, actor_for(staff), desk(), member, trainees[0].id)


# Figures and training ------------------------------------------------------------------------------------------------


def test_figures_have_reasons_and_the_latest_stands(session, panel, staff, assessors, desk):
    at = lambda: settings.figures_of(session, desk().cohort.id, "ranking", "proposal")["disagreement"]  # noqa: E731
    assert (at().value, at().reason) == (20, "")
    with pytest.raises(RuleBroken):
        settings.set_figure(session, actor_for(staff), desk(), "disagreement", D(10), reason=" ")
    for wrong in ("-1", "100.01"):
        with pytest.raises(RuleBroken):
            settings.set_figure(session, actor_for(staff), desk(), "disagreement", D(wrong), reason="x")
    with pytest.raises(NotAllowed):
        settings.set_figure(session, actor_for(assessors[0]), desk(), "disagreement", D(10), reason="x")
    settings.set_figure(session, actor_for(staff), desk(), "disagreement", D("12.5"), reason="มติ")
    assert settings.set_figure(session, actor_for(staff), desk(), "disagreement", D("12.5"), reason="มติ") is None
    assert (at().value, at().reason, at().set_by) == (D("12.5"), "มติ", staff.name)


def test_where_training_is_required_the_untrained_do_not_submit(
    session, panel, trainees, assessors, staff, desk, monkeypatch
):
    no_conflicts(session, *panel)
    give(session, assessors[0], panel[0], trainees[0], "30")
    settings.set_figure(session, actor_for(staff), desk(), "training_required", D(1), reason="มติ")
    with pytest.raises(RuleBroken, match="อบรมผู้ประเมิน"):
        give(session, assessors[0], panel[0], trainees[1], "30")
    today = dt.date.today()
    with pytest.raises(RuleBroken):
        settings.record_training(session, actor_for(staff), assessors[0], today + dt.timedelta(days=400))
    first = settings.record_training(session, actor_for(staff), assessors[0], dt.date(2026, 1, 5), course="ก")
    assert settings.record_training(session, actor_for(staff), assessors[0], dt.date(2026, 1, 5)).id == first.id
    give(session, assessors[0], panel[0], trainees[1], "30")


# Disagreement --------------------------------------------------------------------------------------------------------


@pytest.fixture
def differing(session, panel, trainees, assessors):
    """Marks of 45 and 30 of 50: thirty per cent apart."""
    no_conflicts(session, *panel)
    for person, member, points in zip(assessors, panel, ("45", "30"), strict=True):
        give(session, person, member, trainees[0], points)
    session.commit()
    return trainees[0]


def test_the_last_mark_opens_a_discussion_where_marks_lie_too_far_apart(
    session, differing, panel, trainees, assessors, desk
):
    talk = session.scalar(select(Discussion))
    assert (talk.enrollment_id, talk.opened_by, talk.threshold) == (differing.id, "", 20)
    assert [(row["member"], row["points"]) for row in talk.before] == [(panel[0].name, "45"), (panel[1].name, "30")]
    for person, member, points in zip(assessors, panel, ("40", "30"), strict=True):
        give(session, person, member, trainees[1], points)  # exactly as far as the limit
    assert session.scalar(select(func.count(Discussion.id))) == 1
    (first, *_rest) = discussing.apart(session, desk())
    assert (first.person.enrollment_id, first.difference, first.to_do) == (differing.id, 15, True)


def test_a_member_revises_while_it_is_open_and_before_and_after_are_kept(
    any_database, session, cohort, differing, panel, assessors, staff, desk
):
    entry = desk().standing[differing.id, panel[1].name]
    with pytest.raises(RuleBroken, match="เหตุผล"):
        discussing.revise(
            session, actor_for(assessors[1]), desk(), panel[1], differing.id, Given(D(40)), seen_id=entry.id, reason=""
        )
    with pytest.raises(NotAllowed):
        discussing.revise(
            session, actor_for(assessors[0]), desk(), panel[1], differing.id, Given(D(40)), seen_id=entry.id, reason="x"
        )
    with pytest.raises(NotAllowed):
        discussing.revise(
            session, actor_for(staff), desk(), panel[1], differing.id, Given(D(40)), seen_id=entry.id, reason="x"
        )
    made = discussing.revise(
        session,
        actor_for(assessors[1]),
        desk(),
        panel[1],
        differing.id,
        Given(D(40)),
        seen_id=entry.id,
        reason="เห็นหลักฐานเพิ่ม",
    )
    assert made.replaces_id == entry.id
    with pytest.raises(Conflict):
        discussing.revise(
            session, actor_for(assessors[1]), desk(), panel[1], differing.id, Given(D(41)), seen_id=entry.id, reason="x"
        )
    talk = session.scalar(select(Discussion))
    with pytest.raises(RuleBroken):
        discussing.close_discussion(session, actor_for(staff), desk(), talk, conclusion="  ")
    discussing.close_discussion(session, actor_for(assessors[0]), desk(), talk, conclusion="เห็นพ้องกัน")
    session.commit()
    assert [row["points"] for row in talk.after] == ["45", "40"]
    assert [row["points"] for row in talk.before] == ["45", "30"]
    assert desk().outcome_of(differing.id).score == F(85, 2)
    assert standing_scores(session, cohort.id).column("proposal")[0] == F(85, 2)
    assert not discussing.apart(session, desk())[0].to_do
    with pytest.raises(Conflict):
        discussing.close_discussion(session, actor_for(staff), desk(), talk, conclusion="อีกครั้ง")
    with pytest.raises(RuleBroken, match="ระหว่างการหารือ"):
        discussing.revise(
            session, actor_for(assessors[1]), desk(), panel[1], differing.id, Given(D(41)), seen_id=made.id, reason="x"
        )
    assert session.scalar(select(func.count(ScoreEntry.id))) == 3


def test_marks_left_as_they_are_are_settled_and_a_later_correction_is_not(
    session, differing, panel, assessors, staff, desk
):
    from webapp.assessments.operations import correct_score

    talk = session.scalar(select(Discussion))
    discussing.close_discussion(session, actor_for(staff), desk(), talk, conclusion="คงไว้ทั้งสองคน เพราะเห็นคนละด้าน")
    row = discussing.apart(session, desk())[0]
    assert (row.flagged, row.settled, row.to_do) == (True, True, False)
    entry = desk().standing[differing.id, panel[0].name]
    correct_score(session, actor_for(staff), entry.id, Given(D(50)), reason="จดผิด")
    assert discussing.apart(session, desk())[0].to_do


def test_nobody_discusses_before_their_own_mark(session, panel, trainees, assessors, desk):
    no_conflicts(session, *panel)
    give(session, assessors[0], panel[0], trainees[0], "45")
    for person in assessors:
        with pytest.raises(RuleBroken):
            discussing.open_discussion(session, actor_for(person), desk(), trainees[0].id)
    with pytest.raises(NotAllowed):
        discussing.open_discussion(session, actor_for(account("assessor")), desk(), trainees[0].id)


def test_notes_are_the_members_own_and_no_marks(session, panel, trainees, assessors, staff, desk):
    assert discussing.keep_note(session, actor_for(assessors[0]), panel[0], trainees[0].id, " ตอบดี ")
    assert not discussing.keep_note(session, actor_for(assessors[0]), panel[0], trainees[0].id, "ตอบดี")
    with pytest.raises(NotAllowed):
        discussing.keep_note(session, actor_for(assessors[1]), panel[0], trainees[0].id, "x")
    assert [name for name, _row in discussing.notes_on(session, desk(), trainees[0].id)] == [panel[0].name]
    assert session.scalar(select(func.count(ScoreEntry.id))) == 0


# Guides --------------------------------------------------------------------------------------------------------------


def test_a_guide_is_written_by_one_approved_by_another_and_frozen_once_used(
    any_database, session, cohort, panel, trainees, assessors, staff, second, desk
):
    draft = guides.write_draft(session, actor_for(staff), cohort, "ranking", "proposal", GUIDE)
    with pytest.raises(RuleBroken, match="ผู้อนุมัติ"):
        guides.put_in_force(session, actor_for(staff), cohort, draft)
    guides.put_in_force(session, actor_for(second), cohort, draft)
    assert [row.code for row in desk().criteria] == ["people", "team"]
    assert desk().guided
    no_conflicts(session, *panel)
    with pytest.raises(RuleBroken, match="1 ถึง 5"):
        give(session, assessors[0], panel[0], trainees[0], {"people": "6", "team": "1"})
    give(session, assessors[0], panel[0], trainees[0], {"people": "3", "team": "4"})
    give(session, assessors[1], panel[1], trainees[0], {"people": "4", "team": "4"})
    session.commit()
    assert desk().outcome_of(trainees[0].id).score == (F(36) + F(40)) / 2
    assert standing_scores(session, cohort.id).column("proposal")[0] == 38
    with pytest.raises(RuleBroken, match="ทุกคนต้องได้คำถามเดียวกัน"):
        guides.write_draft(session, actor_for(staff), cohort, "ranking", "proposal", GUIDE)


def test_a_guide_replaces_another_only_before_use_with_a_reason(session, cohort, panel, staff, second):
    first = guides.write_draft(session, actor_for(staff), cohort, "ranking", "proposal", GUIDE)
    guides.put_in_force(session, actor_for(second), cohort, first)
    other = guides.write_draft(session, actor_for(second), cohort, "ranking", "proposal", GUIDE)
    assert other.version == 2
    with pytest.raises(RuleBroken, match="เหตุผล"):
        guides.put_in_force(session, actor_for(staff), cohort, other)
    guides.write_draft(session, actor_for(second), cohort, "ranking", "proposal", GUIDE, reason="ปรับคำ")
    guides.put_in_force(session, actor_for(staff), cohort, other)
    assert [row.status for row in guides.versions_of(session, cohort.id, "ranking", "proposal")] == [
        "in-force",
        "superseded",
    ]


def test_an_incomplete_guide_or_one_beside_a_rubric_does_not_come_into_force(session, cohort, trainees, staff, second):
    draft = guides.write_draft(session, actor_for(staff), cohort, "ranking", "exam", guides.EMPTY)
    with pytest.raises(guides.GuideRefused):
        guides.put_in_force(session, actor_for(second), cohort, draft)
    beside = guides.write_draft(session, actor_for(staff), cohort, "ranking", "proposal", GUIDE)
    with pytest.raises(RuleBroken, match="เกณฑ์ย่อย"):
        guides.put_in_force(session, actor_for(second), cohort, beside)
    with pytest.raises(NotFound):
        guides.write_draft(session, actor_for(staff), cohort, "ranking", "painting", GUIDE)


# The order of interviews ---------------------------------------------------------------------------------------------


def test_turns_are_a_list_that_can_be_set_again(session, panel, trainees, staff, desk):
    order = turns.order_by(desk(), "typed", {trainees[2].id: 1})
    assert order[0] == trainees[2].id
    put = {"first": dt.date(2026, 11, 18), "at": dt.time(9), "minutes": 30, "per_day": 2, "place": "ห้อง 1"}
    turns.put_turns(session, actor_for(staff), desk(), order, **put)
    turns.put_turns(session, actor_for(staff), desk(), order[::-1], **put)
    found = turns.turns_of(session, desk())
    assert [row.enrollment_id for row in found] == order[::-1]
    assert sorted(turns.order_by(desk(), "lot", {})) == sorted(order)
    with pytest.raises(RuleBroken):
        turns.put_turns(session, actor_for(staff), desk(), order[:2], **put)


# The database says no too --------------------------------------------------------------------------------------------


def test_what_was_stated_set_and_approved_is_never_changed(any_database, session, cohort, panel, trainees, assessors, staff, second, desk):  # fmt: skip
    state(session, actor_for(assessors[0]), panel[0], desk(), [Said("relative", "", trainees[0].id)])
    settings.set_figure(session, actor_for(staff), desk(), "disagreement", D(10), reason="มติ")
    draft = guides.write_draft(session, actor_for(staff), cohort, "ranking", "proposal", GUIDE)
    guides.put_in_force(session, actor_for(second), cohort, draft)
    session.commit()
    for change in (
        update(PanelRelation).values(relation="none", note="x"), delete(PanelRelation), update(PanelStatement).values(covers=[]),
        delete(PanelSetting), update(InterviewGuide).values(document={}), delete(InterviewGuide), update(InterviewGuide).values(status="draft"),
    ):  # fmt: skip
        with pytest.raises(DatabaseError):
            session.execute(change)
        session.rollback()


def test_one_open_discussion_per_person_and_lifting_needs_words(any_database, session, panel, trainees, desk):
    row = {"enrollment_id": trainees[0].id, "purpose": "ranking", "component": "proposal", "before": [], "threshold": D(20),
           "opened_by": "", "opened_at": panel[0].named_at}  # fmt: skip
    session.add(Discussion(**row))
    session.commit()
    for wrong in (
        Discussion(**row), Discussion(**row | {"closed_at": panel[0].named_at, "after": [], "conclusion": ""}),
        PanelRelation(member_id=panel[0].id, enrollment_id=trainees[0].id, relation="none", found="staff", recorded_by="x", recorded_at=panel[0].named_at),
    ):  # fmt: skip
        session.add(wrong)
        with pytest.raises(DatabaseError):
            session.flush()
        session.rollback()
