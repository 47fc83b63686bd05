"""Pages of panels: each opens in both languages, to whom it may, and shows nobody what is not theirs."""

import datetime as dt
import re
from decimal import Decimal as D

import pytest
from sqlalchemy import select

from tests.assessments.conftest import no_conflicts, number_of
from tests.assessments.panels.conftest import GUIDE, give
from tests.people import account
from webapp.accounts.queries import actor_for
from webapp.assessments.models import PlanComponent, ScoreEntry
from webapp.assessments.operations import release_scores
from webapp.assessments.panels import discussing, guides
from webapp.assessments.panels.conflicts import Said, state
from webapp.assessments.panels.models import (
    AssessorTraining,
    Discussion,
    InterviewGuide,
    InterviewTurn,
    PanelNote,
    PanelRelation,
    PanelSetting,
    PanelStatement,
)
from webapp.officers.models import Officer

S = "/cohorts/DD-1/scores/proposal"


@pytest.fixture
def guided(session, cohort, panel, staff, second):
    """The proposal is marked by a guide in force."""
    draft = guides.write_draft(session, actor_for(staff), cohort, "ranking", "proposal", GUIDE)
    guides.put_in_force(session, actor_for(second), cohort, draft)
    session.commit()
    return draft


@pytest.fixture
def differing(session, guided, panel, trainees, assessors):
    """Everybody has stated, the first person's marks lie far apart, one member kept notes."""
    no_conflicts(session, *panel)
    for person, member, levels in zip(assessors, panel, (("5", "5"), ("2", "3")), strict=True):
        give(session, person, member, trainees[0], dict(zip(("people", "team"), levels, strict=True)))
    discussing.keep_note(session, actor_for(assessors[0]), panel[0], trainees[0].id, "บันทึกลับของกรรมการ ก")
    session.commit()
    return trainees[0]


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_page_opens_in_both_languages(
    client, sign_in, session, differing, panel, assessors, staff, trainees, language
):
    client.set_cookie("language", language)
    sign_in(client, account=staff)
    for page in ("panel", "guide", "guide/edit", "schedule", "differences", "differences/T1", "agreement"):
        assert client.get(f"{S}/{page}").status_code == 200, page
    assert client.get("/").status_code == 200
    sign_in(client, account=assessors[0])
    own = f"/my/panels/{panel[0].id}"
    for page in (
        "",
        "/conflicts",
        "/guide",
        f"/people/{trainees[1].id}",
        f"/people/{trainees[0].id}",
        f"/differences/{trainees[0].id}",
    ):
        assert client.get(own + page).status_code == 200, page
    assert client.get("/").status_code == 200


def test_a_member_states_first_and_then_marks_by_levels(client, sign_in, session, guided, panel, assessors, trainees):
    sign_in(client, account=assessors[0])
    own = f"/my/panels/{panel[0].id}"
    assert client.get(own).location.endswith("/conflicts")
    assert client.get(f"{own}/people/{trainees[0].id}").location.endswith("/conflicts")
    answer = client.post(f"{own}/conflicts", data={f"relation-{trainees[2].id}": "relative"})
    assert answer.status_code == 422 and session.scalar(select(PanelStatement.id)) is None
    answer = client.post(
        f"{own}/conflicts",
        data={f"relation-{trainees[2].id}": "relative", f"note-{trainees[2].id}": "หลาน", "sure": "yes"},
    )
    assert answer.status_code == 303
    assert (session.scalar(select(PanelRelation.relation)), session.scalar(select(PanelRelation.note))) == (
        "relative",
        "หลาน",
    )
    assert client.get(f"{own}/people/{trainees[2].id}").status_code == 404
    page = client.get(f"{own}/people/{trainees[0].id}").text
    assert page.count('type="radio"') == 10 and "เล่าเรื่องหนึ่ง" in page and "แล้วอย่างไร" in page
    handle = trainees[0].id
    sent = {
        f"m-{handle}-0": "4",
        f"m-{handle}-1": "5",
        f"note-{handle}": "ดี",
        f"own-{handle}": "ของฉัน",
        "action": "check",
    }
    answer = client.post(f"{own}/people/{handle}", data=sent)
    assert answer.location.endswith(f"/check?who={handle}")
    assert session.scalar(select(PanelNote.note)) == "ของฉัน"
    page = client.get(f"{own}/check?who={handle}").text
    hidden = {name: re.search(rf'name="{name}" value="([\w-]+)"', page)[1] for name in ("seen", "key", "who")}
    assert client.post(f"{own}/check", data=hidden).status_code == 303
    entry = session.scalar(select(ScoreEntry))
    assert [mark["points"] for mark in entry.marks] == ["4", "5"]
    assert entry.note == "ดี"


def test_blind_panels_are_shown_no_names_on_any_page(
    client, sign_in, session, cohort, panel, assessors, trainees, staff
):
    component = session.scalar(select(PlanComponent).where(PlanComponent.code == "proposal"))
    component.face_to_face = False
    session.commit()
    sign_in(client, account=assessors[0])
    own = f"/my/panels/{panel[0].id}"
    names = ("กานดา", "ขวัญ", "คมสัน")
    assert not any(name in client.get(f"{own}/conflicts").text for name in names)
    data = {"who-0": "กานดา ทดสอบ", "relation-0": "relative", "sure": "yes"}
    answer = client.post(f"{own}/conflicts", data=data, follow_redirects=True)
    assert not any(name in answer.text for name in names)
    assert session.scalar(select(PanelRelation.enrollment_id)) == trainees[0].id
    assert number_of(session, trainees[0]) not in answer.text
    no_conflicts(session, panel[1])
    for member, person, points in zip(panel, assessors, ("45", "30"), strict=True):
        give(session, person, member, trainees[1], points)
    session.commit()
    handle = number_of(session, trainees[1])
    for page in (own, f"{own}/people/{handle}", f"{own}/differences/{handle}", "/", "/my/panels"):
        text = client.get(page).text
        assert not any(name in text for name in names), page
    assert client.get(f"{own}/differences/{trainees[1].id}").status_code == 404


def test_others_marks_and_notes_show_only_to_whom_they_may(client, sign_in, session, cohort, differing, panel, assessors, trainees, staff):  # fmt: skip
    note = "บันทึกลับของกรรมการ ก"
    sign_in(client, account=assessors[1])
    own = f"/my/panels/{panel[1].id}"
    assert note not in client.get(f"{own}/differences/{differing.id}").text
    assert note not in client.get(f"{own}/people/{differing.id}").text
    assert client.get(f"{own}/differences/{trainees[1].id}").status_code == 404, "not marked yet"
    assert client.get(f"/my/panels/{panel[0].id}/differences/{differing.id}").status_code == 404
    sign_in(client, account=assessors[0])
    assert note in client.get(f"/my/panels/{panel[0].id}/people/{differing.id}").text
    for role in ("institute", "auditor"):
        sign_in(client, role=role)
        assert note in client.get(f"{S}/differences/T1").text
        assert note in client.get(f"{S}/T1").text
    sign_in(client, account=staff)
    assert "การหารือของกรรมการยังไม่ปิด 1 คน" in client.get(f"{S}/release").text
    release_scores(session, actor_for(staff), cohort, "proposal")
    person = account("officer")
    session.get(Officer, differing.officer_id).account_id = person.id
    session.commit()
    sign_in(client, account=person)
    for page in ("/my/results", f"{S}/T1", "/"):
        assert note not in client.get(page).text
    for page in (f"{S}/differences/T1", f"{S}/guide", f"{S}/panel"):
        assert client.get(page).status_code == 404
    sign_in(client, role="commission")
    assert client.get(f"{S}/differences/T1").status_code == 404
    assert client.get(f"{S}/guide").status_code == 404


def test_staff_on_the_panel_see_no_difference_before_their_own_mark(
    client, sign_in, session, cohort, panel, assessors, staff, trainees
):
    from webapp.assessments.panels.operations import name_member

    both = account("institute", "assessor", name="กรรมการ เจ้าหน้าที่")
    name_member(session, actor_for(staff), cohort, "proposal", both)
    no_conflicts(session, *panel)
    for member, person in zip(panel, assessors, strict=True):
        give(session, person, member, trainees[0], "30")
    session.commit()
    sign_in(client, account=both)
    assert "T1" not in client.get(f"{S}/differences").text
    assert client.get(f"{S}/differences/T1").status_code == 404


def test_a_difference_is_talked_about_revised_and_closed_on_its_pages(
    client, sign_in, session, differing, panel, assessors, staff
):
    sign_in(client, account=assessors[1])
    page = f"/my/panels/{panel[1].id}/differences/{differing.id}"
    seen = session.scalar(select(ScoreEntry.id).where(ScoreEntry.member == panel[1].name))
    data = {"action": "revise", "seen": seen, "people": "4", "team": "4", "reason": ""}
    assert client.post(page, data=data).status_code == 422
    assert client.post(page, data=data | {"reason": "เห็นหลักฐานของกรรมการ ก"}).status_code == 303
    sign_in(client, account=staff)
    there = f"{S}/differences/T1"
    assert client.post(there, data={"action": "close", "conclusion": ""}).status_code == 422
    assert client.post(there, data={"action": "revise", "seen": seen, "reason": "x"}).status_code == 404
    assert client.post(there, data={"action": "close", "conclusion": "เห็นพ้อง"}).status_code == 303
    text = client.get(there).text
    assert "เห็นพ้อง" in text and "ก่อนหารือ" in text and "หลังหารือ" in text
    talk = session.scalar(select(Discussion))
    assert [row["points"] for row in talk.before] == ["50", "26"]
    assert [row["points"] for row in talk.after] == ["50", "40"]


def test_the_panel_page_names_substitutes_sets_figures_and_records_training(client, sign_in, session, panel, assessors, trainees, staff, desk):  # fmt: skip
    state(session, actor_for(assessors[0]), panel[0], desk(), [Said("relative", "", trainees[0].id)])
    third = account("assessor", name="ผู้แทน ทดสอบ")
    session.commit()
    sign_in(client, account=staff)
    text = client.get(f"{S}/panel").text
    assert "ผู้ถูกประเมินที่มีกรรมการไม่ครบ" in text
    pair = f"{S}/panel/pair"
    assert (
        client.post(pair, data={"action": "replace", "person": trainees[0].id, "account": third.id}).status_code == 303
    )
    assert desk().named_for(trainees[0].id) == (panel[1].name, "ผู้แทน ทดสอบ")
    client.post(
        pair,
        data={
            "action": "apart",
            "member": panel[1].id,
            "person": trainees[1].id,
            "relation": "other",
            "reason": "ร้องเรียน",
        },
    )
    assert desk().apart(panel[1].name, trainees[1].id) == "other"
    client.post(pair, data={"action": "lift", "member": panel[1].id, "person": trainees[1].id, "reason": "ไม่จริง"})
    assert desk().apart(panel[1].name, trainees[1].id) == ""
    assert client.post(pair, data={"action": "apart", "member": 999, "person": trainees[1].id}).status_code == 404
    assert client.post(pair, data={"action": "apart", "member": panel[1].id, "person": 999}).status_code == 404
    client.post(f"{S}/panel/figure", data={"kind": "disagreement", "value": "๑๒.๕", "reason": "มติ"})
    assert session.scalar(select(PanelSetting.value)) == D("12.5")
    client.post(f"{S}/panel/figure", data={"kind": "x' or 1", "value": "1", "reason": "มติ"})
    client.post(f"{S}/panel/figure", data={"kind": "disagreement", "value": "1e9", "reason": "มติ"})
    assert len(session.scalars(select(PanelSetting)).all()) == 1
    client.post(f"{S}/panel/training", data={"member": panel[0].id, "trained_on": "5 ม.ค. 2569", "course": "ก"})
    assert session.scalar(select(AssessorTraining.trained_on)) == dt.date(2026, 1, 5)
    client.post(f"{S}/panel/training", data={"member": panel[0].id, "trained_on": "31/2/2569"})
    assert len(session.scalars(select(AssessorTraining)).all()) == 1
    sign_in(client, role="auditor")
    assert client.get(f"{S}/panel").status_code == 200
    for address in ("pair", "figure", "training"):
        assert client.post(f"{S}/panel/{address}", data={"person": trainees[0].id}).status_code == 404


def test_a_guide_is_edited_and_approved_on_its_pages(client, sign_in, session, panel, staff, second):
    sign_in(client, account=staff)
    data = {"minutes": "๒๐", "q-0-name_th": "ผู้คน", "q-0-text": "เล่า", "q-0-weight": "1", "q-0-competency": "service-mind",
            **{f"q-0-level-{n}": f"ระดับ {n}" for n in range(1, 6)}, "q-1-name_th": "ทีม", "q-1-text": "เล่าอีก", "q-1-weight": "x", "q-1-place": "1"}  # fmt: skip
    answer = client.post(f"{S}/guide/edit", data=data)
    assert answer.status_code == 422 and "เล่าอีก" in answer.text
    assert client.post(f"{S}/guide/edit", data=data | {"q-1-weight": "2", "q-0-place": "2"}).status_code == 303
    draft = session.scalar(select(InterviewGuide))
    assert [row["name_th"] for row in draft.document["questions"]] == ["ทีม", "ผู้คน"]
    assert draft.document["minutes"] == 20
    text = client.get(f"{S}/guide").text
    assert "ยังไม่ได้บรรยายระดับ 1" in text and "อนุมัติและใช้บังคับ" not in text
    client.submit(
        f"{S}/guide/edit", {f"q-0-level-{n}": f"ระดับ {n}" for n in range(1, 6)} | {"q-0-competency": "teamwork"}
    )
    sign_in(client, account=second)
    assert "อนุมัติแนวคำถาม" in client.get("/").text
    assert client.post(f"{S}/guide/1/approve").status_code == 303
    session.expire_all()
    assert session.scalar(select(InterviewGuide.status)) == "in-force"
    assert client.post(f"{S}/guide/9/approve").status_code == 404
    sign_in(client, role="auditor")
    assert client.get(f"{S}/guide").status_code == 200
    assert client.post(f"{S}/guide/1/discard").status_code == 404


def test_the_schedule_is_set_on_its_page(client, sign_in, session, panel, staff, trainees):
    sign_in(client, account=staff)
    data = {
        "first": "18/11/2569",
        "at": "๙.๓๐",
        "minutes": "30",
        "per_day": "2",
        "place": "ห้อง 1",
        "order": "typed",
        f"place-{trainees[2].id}": "1",
    }
    for wrong in ({"first": "x"}, {"at": "25:00"}, {"minutes": "4"}, {"per_day": "0"}, {"minutes": "x"}):
        assert client.post(f"{S}/schedule", data=data | wrong).status_code == 422, wrong
    assert client.post(f"{S}/schedule", data=data).status_code == 303
    found = session.scalars(select(InterviewTurn).order_by(InterviewTurn.position)).all()
    assert [row.enrollment_id for row in found] == [trainees[2].id, trainees[0].id, trainees[1].id]
    assert "18 พ.ย. 2569 09:30" in client.get(f"{S}/schedule").text
    sign_in(client, role="commission")
    assert client.get(f"{S}/schedule").status_code == 200
    assert client.post(f"{S}/schedule", data=data).status_code == 404


def test_pages_ask_as_often_for_three_as_for_thirty(
    client, sign_in, session, cohort, panel, staff, assessors, statements
):
    from tests.assessments.conftest import enroll, officer

    def how_many():
        found = []
        for person, page in (
            (staff, f"{S}/panel"),
            (staff, f"{S}/differences"),
            (assessors[0], f"/my/panels/{panel[0].id}"),
        ):
            sign_in(client, account=person)
            with statements() as ran:
                client.get(page)
            found.append(len(ran))
        return found

    no_conflicts(session, *panel)
    before = how_many()
    for number in range(30):
        enroll(session, cohort, officer(session, f"M{number}"))
    no_conflicts(session, *panel)
    assert how_many() == before
