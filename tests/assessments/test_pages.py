"""Pages of assessments, as staff, assessors and officers open them."""

import re
from decimal import Decimal as D

import pytest
from sqlalchemy import func, select

from tests.assessments.conftest import enroll, no_conflicts, number_of, officer
from tests.people import account
from webapp import clock
from webapp.accounts.queries import actor_for
from webapp.assessments.models import AssessmentPlan, CompetencyRating, MarkDraft, PanelMember, ScoreEntry, ScoreRelease
from webapp.assessments.operations import record_score, release_scores
from webapp.assessments.panels.operations import name_member
from webapp.assessments.rules import Given, Line
from webapp.courses.models import Enrollment
from webapp.notices.models import Notice
from webapp.officers.models import Officer
from webapp.projects.models import ProjectAssignment

STAFF_PAGES = (
    "/cohorts/DD-1/scores", "/cohorts/DD-1/scores/exam", "/cohorts/DD-1/scores/proposal", "/cohorts/DD-1/scores/exam/T1",
    "/cohorts/DD-1/scores/proposal/T1", "/cohorts/DD-1/scores/exam/release", "/cohorts/DD-1/scores/exam/panel",
    "/cohorts/DD-1/plan", "/cohorts/DD-1/plan?version=1", "/cohorts/DD-1/plan/edit", "/cohorts/DD-1/plan?purpose=selection",
    "/cohorts/DD-1/plan/edit?purpose=selection", "/cohorts/DD-1/scores?purpose=selection", "/ratings", "/officers/T1/ratings",
)  # fmt: skip


def rubric(analysis, delivery):
    return Given(marks=(Line("analysis", D(2), D(10), D(analysis)), Line("delivery", D(1), D(5), D(delivery))))


def entries(session):
    return session.scalars(select(ScoreEntry).order_by(ScoreEntry.id)).all()


@pytest.fixture
def panel(session, cohort, trainees, assessors, staff):
    made = [name_member(session, actor_for(staff), cohort, "proposal", person) for person in assessors]
    no_conflicts(session, *made)
    return made


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_page_opens_in_both_languages(client, sign_in, session, cohort, trainees, actor, panel, staff, language):
    record_score(session, actor, trainees[0], "exam", Given(D("66.67")))
    record_score(session, actor_for(staff), trainees[0], "proposal", rubric(7, 4), member=panel[0].name)
    client.set_cookie("language", language)
    sign_in(client, role="institute")
    for path in STAFF_PAGES:
        answer = client.get(path)
        assert answer.status_code == 200, path
    assert client.get("/cohorts/DD-1/scores/painting").status_code == 404
    assert client.get("/cohorts/DD-1/scores/exam/nobody").status_code == 404


def test_staff_enter_a_sheet_once_however_often_it_is_sent(client, sign_in, session, trainees):
    sign_in(client, role="institute")
    form = {"key": "sheet-1", **{f"mark-{t.id}-0": text for t, text in zip(trainees, ("70", "๘๐.๕", ""), strict=True)}}
    assert client.post("/cohorts/DD-1/scores/exam", data=form).status_code == 303
    assert client.post("/cohorts/DD-1/scores/exam", data=form).status_code == 303
    assert [entry.score for entry in entries(session)] == [D(70), D("80.5")]


def test_a_wrong_box_saves_nothing_and_keeps_what_was_typed(client, sign_in, session, trainees):
    sign_in(client, role="institute")
    form = {"key": "s", f"mark-{trainees[0].id}-0": "70", f"mark-{trainees[1].id}-0": "100.5"}
    answer = client.post("/cohorts/DD-1/scores/exam", data=form)
    assert answer.status_code == 422
    assert 'value="100.5"' in answer.text
    assert 'value="70"' in answer.text
    assert entries(session) == []


def test_two_people_with_the_same_sheet_end_in_a_message_with_both_values(client, sign_in, session, trainees, actor):
    sign_in(client, role="institute")
    record_score(session, actor, trainees[0], "exam", Given(D(55)))
    session.commit()
    answer = client.post("/cohorts/DD-1/scores/exam", data={"key": "x", f"mark-{trainees[0].id}-0": "66"})
    assert answer.status_code == 422
    assert "55" in answer.text
    assert "66" in answer.text
    assert len(entries(session)) == 1


def test_a_score_is_corrected_on_its_page_with_a_reason_and_a_stale_tab_is_refused(
    client, sign_in, session, trainees, actor
):
    first = record_score(session, actor, trainees[0], "exam", Given(D(70)))
    session.commit()
    sign_in(client, role="institute")
    page = "/cohorts/DD-1/scores/exam/T1"
    form = {"key": "1", "member": "", "seen": first.id, "score": "75", "action": "correct"}
    assert client.post(page, data={**form, "reason": ""}).status_code == 422
    assert client.post(page, data={**form, "reason": "รวมผิด"}).status_code == 303
    stale = client.post(page, data={**form, "key": "2", "score": "60", "reason": "อีกแท็บ"})
    assert stale.status_code == 409
    assert "75" in stale.text
    text = client.get(page).text
    assert "รวมผิด" in text
    assert [entry.score for entry in entries(session)] == [70, 75]


def test_marks_of_somebody_who_left_can_still_be_read_and_corrected_and_none_are_added(
    client, sign_in, session, trainees, actor
):
    first = record_score(session, actor, trainees[0], "exam", Given(D(70)))
    for gone in trainees[:2]:
        session.get(Enrollment, gone.id).status = "withdrawn"
    session.commit()
    sign_in(client, role="institute")
    page = "/cohorts/DD-1/scores/exam/"
    assert client.get(f"{page}T1").status_code == 200
    form = {"member": "", "score": "75", "reason": "รวมผิด"}
    assert client.post(f"{page}T1", data={**form, "seen": first.id, "key": "a"}).status_code == 303
    assert client.post(f"{page}T2", data={**form, "key": "b"}).status_code == 422
    assert len(entries(session)) == 2


def test_an_assessor_drafts_checks_and_submits_and_sees_nobody_elses_marks(
    client, sign_in, session, cohort, trainees, assessors, panel, staff
):
    record_score(session, actor_for(staff), trainees[0], "proposal", rubric("9.87", "4.56"), member=panel[1].name)
    sign_in(client, account=assessors[0])
    sheet = f"/my/panels/{panel[0].id}"
    assert "1" in client.get("/my/panels").text
    first, second = number_of(session, trainees[0]), number_of(session, trainees[1])
    typed = {f"m-{first}-0": "7", f"m-{first}-1": "4", f"m-{second}-0": "8", f"m-{second}-1": "", "action": "check"}
    assert client.post(sheet, data=typed).status_code == 303
    assert session.scalar(select(func.count(MarkDraft.id))) == 2
    page = client.get(f"{sheet}/check").text
    sent = {name: re.search(rf'name="{name}" value="([\w-]+)"', page)[1] for name in ("seen", "key", "who")}
    for _ in range(2):  # the button pressed twice
        assert client.post(f"{sheet}/check", data=sent).status_code == 303
    mine = [entry for entry in entries(session) if entry.member == assessors[0].name]
    assert [entry.enrollment_id for entry in mine] == [trainees[0].id]
    for path in (sheet, f"{sheet}/check", "/my/panels", f"{sheet}/marks/{first}"):
        text = client.get(path).text
        assert "9.87" not in text, path
        assert assessors[1].name not in text, path
    assert client.get(f"/my/panels/{panel[1].id}").status_code == 404
    assert client.get("/cohorts/DD-1/scores/proposal").status_code == 404


def test_a_member_is_told_and_finds_the_work_beside_the_number(client, sign_in, session, trainees, assessors, panel):
    kinds = session.scalars(select(Notice.kind).where(Notice.account_id == assessors[0].id)).all()
    assert kinds == ["assessments:panel:named"]
    for enrollment, done in zip(trainees, (clock.now(), None, None), strict=True):
        work = ProjectAssignment(
            enrollment_id=enrollment.id, kind="proposal", title="ข้อเสนอ", assigned_by="ก", assigned_at=clock.now(),
            submitted_at=done,
        )  # fmt: skip
        session.add(work)
    session.commit()
    sign_in(client, account=assessors[0])
    text = client.get(f"/my/panels/{panel[0].id}").text
    (address,) = re.findall(r'href="(/my/panels/\d+/work/[^"]+)"', text)
    assert client.get(address).status_code == 200


def test_drafts_are_kept_while_typing(client, sign_in, session, trainees, assessors, panel):
    sign_in(client, account=assessors[0])
    first = number_of(session, trainees[0])
    answer = client.post(f"/my/panels/{panel[0].id}/draft", data={f"m-{first}-0": "7", f"m-{first}-1": ""})
    assert answer.status_code == 200
    assert "เก็บร่างแล้ว" in answer.text
    assert session.scalar(select(MarkDraft)).marks == {"analysis": "7"}


def test_staff_name_and_recuse_members(client, sign_in, session, trainees, assessors):
    sign_in(client, role="institute")
    page = "/cohorts/DD-1/scores/exam/panel"
    assert client.post(page, data={"account": assessors[0].id}).status_code == 303
    member = session.scalar(select(PanelMember))
    assert client.post(page, data={"recuse": member.id, "reason": " "}).status_code == 422
    assert client.post(page, data={"recuse": member.id, "reason": "เป็นญาติ"}).status_code == 303
    session.expire_all()
    assert session.scalar(select(PanelMember)).recused_reason == "เป็นญาติ"


def test_officers_see_their_own_score_once_released_and_nobody_elses(client, sign_in, session, cohort, trainees, actor):
    person = account("officer")
    session.get(Officer, trainees[0].officer_id).account_id = person.id
    record_score(session, actor, trainees[0], "exam", Given(D("71.25")))
    record_score(session, actor, trainees[1], "exam", Given(D("88.75")))
    session.commit()
    sign_in(client, account=person)
    assert "71.25" not in client.get("/my/results").text
    assert client.get("/cohorts/DD-1/scores/exam/T1").status_code == 404
    release_scores(session, actor, cohort, "exam")
    session.commit()
    assert [(row.account_id, row.kind) for row in session.scalars(select(Notice))] == [
        (person.id, "assessments:score:released")
    ]
    assert "71.25" in client.get("/my/results").text
    assert "71.25" in client.get("/cohorts/DD-1/scores/exam/T1").text
    assert client.get("/cohorts/DD-1/scores/exam/T2").status_code == 404
    assert client.get("/cohorts/DD-1/scores/exam").status_code == 404
    assert client.get("/cohorts/DD-1/plan").status_code == 200
    sign_in(client, role="officer")
    assert client.get("/cohorts/DD-1/plan").status_code == 404


@pytest.mark.parametrize(("role", "before", "after"), [
    ("institute", 200, 200), ("auditor", 200, 200), ("commission", 404, 200), ("executive", 404, 200),
    ("mentor", 404, 404), ("officer", 404, 404), ("assessor", 404, 404),
])  # fmt: skip
def test_who_sees_a_sheet_before_and_after_release(
    client, sign_in, session, cohort, trainees, actor, role, before, after
):
    record_score(session, actor, trainees[0], "exam", Given(D(50)))
    session.commit()
    sign_in(client, role=role)
    for path in ("/cohorts/DD-1/scores/exam", "/cohorts/DD-1/scores/exam/T1"):
        assert client.get(path).status_code == before
    release_scores(session, actor, cohort, "exam")
    session.commit()
    for path in ("/cohorts/DD-1/scores/exam", "/cohorts/DD-1/scores/exam/T1"):
        assert client.get(path).status_code == after


def test_release_is_checked_then_done_once(client, sign_in, session, trainees):
    sign_in(client, role="institute")
    assert client.post("/cohorts/DD-1/scores/exam/release").status_code == 303
    assert client.post("/cohorts/DD-1/scores/exam/release").status_code == 303
    assert session.scalar(select(func.count(ScoreRelease.id))) == 1


def plan_form(**changes):
    form = {
        "decimals": "2", "reason": "ปรับน้ำหนัก", "c-0-code": "exam", "c-0-name_th": "การสอบ", "c-0-weight": "70", "c-0-max": "100",
        "c-0-pass": "60", "c-0-source": "exam", "c-0-reason": "มติ", "c-1-code": "proposal", "c-1-name_th": "ข้อเสนอ",
        "c-1-weight": "30", "c-1-max": "50", "c-1-source": "proposal", "c-1-reason": "มติ", "g-coaching_hours": "12",
        "g-coaching_hours-reason": "มติ", "t-0-key": "exam", "t-0-reason": "มติ",
    }  # fmt: skip
    return {**form, **changes}


def test_a_plan_is_drafted_by_one_and_put_in_force_by_another(client, sign_in, session, cohort):
    sign_in(client, role="institute")
    assert client.post("/cohorts/DD-1/plan/edit", data=plan_form()).status_code == 303
    client.post("/cohorts/DD-1/plan/2/approve")
    assert session.scalar(select(AssessmentPlan.status).where(AssessmentPlan.version == 2)) == "draft"
    sign_in(client, role="institute")
    assert client.get("/cohorts/DD-1/plan?version=2").status_code == 200
    client.post("/cohorts/DD-1/plan/2/approve")
    versions = {plan.version: plan for plan in session.scalars(select(AssessmentPlan))}
    assert (versions[1].status, versions[2].status) == ("superseded", "in-force")
    assert versions[2].approved_by
    assert [len(c.criteria) for c in versions[2].components] == [0, 2]


def test_a_draft_with_problems_is_kept_and_not_put_in_force(client, sign_in, session, cohort):
    sign_in(client, role="institute")
    assert client.post("/cohorts/DD-1/plan/edit", data=plan_form(**{"c-0-weight": "60"})).status_code == 303
    assert "น้ำหนักรวมเป็น 90" in client.get("/cohorts/DD-1/plan?version=2").text
    sign_in(client, role="institute")
    client.post("/cohorts/DD-1/plan/2/approve")
    assert session.scalar(select(AssessmentPlan.status).where(AssessmentPlan.version == 2)) == "draft"
    unreadable = client.post("/cohorts/DD-1/plan/edit", data=plan_form(**{"c-0-weight": "หกสิบ"}))
    assert unreadable.status_code == 422
    assert "หกสิบ" in unreadable.text


@pytest.mark.parametrize("changes", [{"c-0-max": "90"}, {"c-0-gone": "yes", "c-1-weight": "100"}, {"reason": ""}])
def test_a_scored_component_stays_and_a_new_version_needs_a_reason(client, sign_in, session, trainees, actor, changes):
    record_score(session, actor, trainees[0], "exam", Given(D(50)))
    session.commit()
    sign_in(client, role="institute")
    client.post("/cohorts/DD-1/plan/edit", data=plan_form(**changes))
    sign_in(client, role="institute")
    client.post("/cohorts/DD-1/plan/2/approve")
    assert session.scalar(select(AssessmentPlan.status).where(AssessmentPlan.version == 2)) == "draft"


def test_a_loaded_plan_gets_its_second_approval(client, sign_in, session, cohort):
    sign_in(client, role="institute")
    assert client.post("/cohorts/DD-1/plan/1/approve").status_code == 303
    session.expire_all()
    assert session.scalar(select(AssessmentPlan)).approved_by


def test_a_rubric_is_written_in_the_draft(client, sign_in, session, cohort):
    sign_in(client, role="institute")
    client.post("/cohorts/DD-1/plan/edit", data=plan_form())
    page = "/cohorts/DD-1/plan/rubric/exam"
    assert client.get(page).status_code == 200
    form = {
        "r-0-code": "",
        "r-0-name_th": "ความรู้",
        "r-0-weight": "1",
        "r-0-max": "20",
        "r-0-anchors": "20: ครบ\n10: บางส่วน",
    }
    assert client.post(page, data={**form, "r-0-max": "0"}).status_code == 422
    assert client.post(page, data={**form, "r-0-anchors": "ไม่มีเลข"}).status_code == 422
    assert client.post(page, data=form).status_code == 303
    draft = session.scalar(select(AssessmentPlan).where(AssessmentPlan.version == 2))
    assert draft.components[0].criteria[0].anchors[0] == {"points": "20", "text": "ครบ"}


def test_ratings_are_recorded_corrected_and_voided(client, sign_in, session, trainees):
    sign_in(client, role="institute")
    form = {"competency": "leadership", "rating": "3", "rated_on": "1/6/2569", "method": "สัมภาษณ์", "assessor": ""}
    assert client.post("/officers/T1/ratings", data=form).status_code == 303
    assert client.post("/officers/T1/ratings", data=form).status_code == 422
    first = session.scalar(select(CompetencyRating))
    page = f"/officers/T1/ratings/{first.id}"
    assert client.get(page).status_code == 200
    assert client.post(page, data={**form, "rating": "4", "reason": ""}).status_code == 422
    assert client.post(page, data={**form, "rating": "4", "reason": "พิมพ์ผิด"}).status_code == 303
    session.expire_all()
    kept = session.scalars(select(CompetencyRating).order_by(CompetencyRating.id)).all()
    assert [(row.rating, row.voided_at is None) for row in kept] == [(3, False), (4, True)]
    assert "พิมพ์ผิด" in client.get("/officers/T1/ratings").text
    sign_in(client, role="executive")
    assert client.post("/officers/T1/ratings", data=form).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_people(
    client, sign_in, session, cohort, trainees, actor, panel, statements
):
    sign_in(client, role="institute")
    paths = (
        "/cohorts/DD-1/scores",
        "/cohorts/DD-1/scores/exam",
        "/cohorts/DD-1/scores/exam/T1",
        "/cohorts/DD-1/plan",
        "/ratings",
    )

    def how_many(path):
        with statements() as ran:
            assert client.get(path).status_code == 200
        return len(ran)

    for trainee in trainees:
        record_score(session, actor, trainee, "exam", Given(D(60)))
    session.commit()
    before = [how_many(path) for path in paths]
    for number in range(30):
        more = enroll(session, cohort, officer(session, f"M{number}"))
        record_score(session, actor, more, "exam", Given(D(61)))
    session.commit()
    assert [how_many(path) for path in paths] == before


def test_the_marking_sheet_asks_as_often_for_three_as_for_thirty(
    client, sign_in, session, cohort, trainees, assessors, panel, statements
):
    sign_in(client, account=assessors[0])
    paths = (f"/my/panels/{panel[0].id}", "/my/panels", f"/my/panels/{panel[0].id}/check")

    def how_many():
        found = []
        for path in paths:
            with statements() as ran:
                client.get(path)
            found.append(len(ran))
        return found

    before = how_many()
    for number in range(30):
        enroll(session, cohort, officer(session, f"M{number}"))
    no_conflicts(session, panel[0])
    assert how_many() == before
