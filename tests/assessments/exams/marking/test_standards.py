"""Angoff panels: named judges, blind rounds, the cut with its reason, adopted by somebody else; the figures of an exam."""

import io
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from tests.people import account
from webapp.accounts.queries import actor_for
from webapp.assessments.exams.figures import operations, panels
from webapp.assessments.exams.figures.models import StandardJudgement, StandardProposal
from webapp.assessments.exams.figures.queries import figures_of, item_history
from webapp.assessments.exams.marking import regrading
from webapp.assessments.exams.models import Exam
from webapp.assessments.statistics import Refusal, standard
from webapp.errors import Conflict, NotFound, RuleBroken


@pytest.fixture
def panel(session, sat):
    """A panel of the two first markers, no round open yet."""
    made = operations.found_panel(session, sat.staff, sat.exam, borderline="ทำได้พอดี", judges=sat.markers[:2])
    session.commit()
    return made


def at(session, sat, panel):
    return panels.panel_at(session, sat.exam, panel.id)


def estimate(session, sat, panel, number, values, *, submit=True, seen=""):
    now = at(session, sat, panel)
    typed = {question.version_id: value for question, value in zip(now.questions, values, strict=True)}
    return operations.estimate(
        session, actor_for(sat.markers[number]), now, now.judges[number], typed, submit=submit, seen=seen
    )


def a_round(session, sat, panel, one, other, note=""):
    operations.open_round(session, sat.staff, at(session, sat, panel))
    estimate(session, sat, panel, 0, one)
    estimate(session, sat, panel, 1, other)
    operations.close_round(session, sat.staff, at(session, sat, panel), note=note)
    return at(session, sat, panel)


def test_rounds_lead_to_a_cut_that_a_second_person_adopts(session, sat, panel):
    sat.exam.pass_percent, sat.exam.pass_reason = None, ""
    now = a_round(session, sat, panel, ["50", "60", "70", "40"], ["70", "80", "90", "60"])
    (first,) = now.closed_rounds
    # 0.5 + 0.6 + 0.7 + 10 * 0.4 = 5.8 and 0.7 + 0.8 + 0.9 + 10 * 0.6 = 8.4 of 13 points
    assert first.found.cuts == (Fraction("5.8"), Fraction("8.4"))
    assert first.found.percent == Fraction(710, 13)
    now = a_round(session, sat, panel, ["55", "60", "70", "50"], ["60", "70", "80", "55"], "หารือแล้ว")
    assert now.closed_rounds[1].found.spread < first.found.spread
    with pytest.raises(RuleBroken):
        operations.propose(session, sat.staff, now, 2, Decimal(55), reason=" ")
    operations.propose(session, sat.staff, now, 2, Decimal(55), reason="ปัดเป็นจำนวนเต็ม")
    now = at(session, sat, panel)
    with pytest.raises(RuleBroken):
        operations.decide(session, sat.staff, now, adopt=True, reason="", seen=now.open_proposal.id)
    with pytest.raises(Conflict):
        operations.decide(session, sat.second, now, adopt=True, reason="", seen=999)
    found = operations.decide(session, sat.second, now, adopt=True, reason="", seen=now.open_proposal.id)
    session.commit()
    exam = session.get(Exam, sat.exam.id)
    assert exam.pass_percent == Decimal(55)
    assert "Angoff 2 คน รอบที่ 2" in exam.pass_reason
    assert "ปัดเป็นจำนวนเต็ม" in exam.pass_reason
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(update(StandardProposal).where(StandardProposal.id == found.id).values(percent=Decimal(1)))


def test_one_that_is_turned_down_needs_a_reason_and_changes_nothing(session, sat, panel):
    now = a_round(session, sat, panel, ["50"] * 4, ["60"] * 4)
    operations.propose(session, sat.staff, now, 1, Decimal(55), reason="ผลรอบแรก")
    now = at(session, sat, panel)
    with pytest.raises(RuleBroken):
        operations.propose(session, sat.staff, now, 1, Decimal(60), reason="อีกข้อ")
    with pytest.raises(RuleBroken):
        operations.decide(session, sat.second, now, adopt=False, reason="", seen=now.open_proposal.id)
    operations.decide(session, sat.second, now, adopt=False, reason="ต่ำไป", seen=now.open_proposal.id)
    assert session.get(Exam, sat.exam.id).pass_percent == Decimal(60)


def test_a_judge_keeps_a_draft_submits_once_and_is_told_which_question_is_missing(session, sat, panel):
    with pytest.raises(RuleBroken):
        estimate(session, sat, panel, 0, ["1", "2", "3", "4"])
    operations.open_round(session, sat.staff, at(session, sat, panel))
    draft = estimate(session, sat, panel, 0, ["50", "", "x", "40"], submit=False)
    mark = operations.draft_mark(draft)
    with pytest.raises(Conflict):
        estimate(session, sat, panel, 0, ["50", "60", "70", "40"], seen="")
    for values in (
        ["50", "", "70", "40"],
        ["50", "x", "70", "40"],
        ["50", "101", "70", "40"],
        ["50", "-1", "70", "40"],
    ):
        with pytest.raises(RuleBroken, match="ข้อ"):
            estimate(session, sat, panel, 0, values, seen=mark)
    made = estimate(session, sat, panel, 0, ["๕๐", "100", "0", "40.5"], seen=mark)
    assert list(made.estimates.values()) == ["50", "100", "0", "40.5"]
    with pytest.raises(RuleBroken):
        estimate(session, sat, panel, 0, ["1", "2", "3", "4"], seen=operations.draft_mark(made))
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(update(StandardJudgement).where(StandardJudgement.id == made.id).values(estimates={}))
    with pytest.raises(RuleBroken):
        operations.close_round(session, sat.staff, at(session, sat, panel), note="")
    assert at(session, sat, panel).open_round.found is None, "nobody's estimates show while the round is open"


def test_who_may_judge_and_when(session, sat):
    with pytest.raises(RuleBroken):
        operations.found_panel(session, sat.staff, sat.exam, borderline="ก", judges=sat.markers[:1])
    with pytest.raises(RuleBroken):
        operations.found_panel(session, sat.staff, sat.exam, borderline=" ", judges=sat.markers)
    from webapp.officers.models import Officer

    session.get(Officer, sat.candidates[0].officer_id).account_id = sat.markers[0].id
    session.flush()
    with pytest.raises(RuleBroken):
        operations.found_panel(session, sat.staff, sat.exam, borderline="ก", judges=sat.markers)


def test_a_judge_sees_questions_without_key_and_nothing_of_the_others_in_this_round(
    client, sign_in, session, sat, panel
):
    operations.open_round(session, sat.staff, at(session, sat, panel))
    estimate(session, sat, panel, 1, ["13", "13", "13", "13"])
    session.commit()
    sign_in(client, account=sat.markers[0])
    path = f"/my/standards/{panel.id}"
    for language in ("th", "en"):
        client.set_cookie("language", language)
        text = client.get(path).text
        assert "อธิบายแผนรับมือน้ำท่วม" in text
        for secret in ("แนวคำตอบลับ", "ครบถ้วน", ">13<", "13.00", 'value="13"'):
            assert secret not in text, secret
    client.set_cookie("language", "th")
    half = client.submit(path, {"q-0": "50", "q-1": "60", "q-2": "70", "q-3": "", "action": "submit"})
    assert half.status_code == 422
    assert 'value="70"' in half.text
    done = client.submit(path, {"q-0": "50", "q-1": "60", "q-2": "70", "q-3": "40", "action": "submit"})
    assert done.status_code == 303
    operations.close_round(session, sat.staff, at(session, sat, panel), note="")
    operations.open_round(session, sat.staff, at(session, sat, panel))
    session.commit()
    text = client.get(path).text
    assert "คณะเฉลี่ย 31.50 ต่ำสุด 13 สูงสุด 50" in text
    assert "ผู้สอบจริงได้ร้อยละ" in text, "the exam is over, so the facility is known"
    client.may_fail = True
    sign_in(client, role="assessor")
    assert client.get(path).status_code == 404
    assert client.get("/my/standards").status_code == 200


def test_staff_run_a_panel_on_its_pages_and_take_its_workbook(client, sign_in, session, sat):
    staff = sign_in(client, role="institute")
    judges = [str(person.id) for person in sat.markers]
    assert client.submit("/exams/EX/standard/new", {"borderline": "", "judge": judges[0]}).status_code == 422
    made = client.post("/exams/EX/standard/new", data={"borderline": "พอดี", "judge": judges})
    assert made.status_code == 303
    path = made.location
    client.post(f"{path}/open")
    number = int(path.rpartition("/")[2])
    now = panels.panel_at(session, sat.exam, number)
    for place, person in enumerate(sat.markers[:2]):
        typed = {question.version_id: str(50 + 10 * place) for question in now.questions}
        judge = next(row for row in now.judges if row.account_id == person.id)
        operations.estimate(session, actor_for(person), now, judge, typed, submit=True, seen="")
    session.commit()
    assert client.post(f"{path}/close", data={"note": ""}).status_code == 422, "one has not submitted: why?"
    assert client.post(f"{path}/close", data={"note": "ติดราชการ"}).status_code == 303
    for language in ("th", "en"):
        client.set_cookie("language", language)
        assert client.get(path).status_code == 200
        book = CalamineWorkbook.from_object(io.BytesIO(client.get(f"{path}.xlsx").data))
        assert len(book.sheet_names) == 2
    client.set_cookie("language", "th")
    assert client.post(f"{path}/propose", data={"round": "1", "percent": "มาก", "reason": "ก"}).status_code == 422
    assert client.post(f"{path}/propose", data={"round": "1", "percent": "55", "reason": "ผลรอบแรก"}).status_code == 303
    text = client.get(path).text
    assert "ท่านเป็นผู้เสนอ จึงต้องให้เจ้าหน้าที่อีกคนพิจารณา" in text
    proposal = panels.panel_at(session, sat.exam, number).open_proposal
    own = client.post(f"{path}/decide", data={"decision": "adopt", "proposal": str(proposal.id)})
    assert own.status_code == 422
    assert staff.id == proposal.proposed_by_id
    sign_in(client, role="institute")
    assert "พิจารณาเกณฑ์ผ่าน" in client.get("/").text
    assert client.post(f"{path}/decide", data={"decision": "adopt", "proposal": str(proposal.id)}).status_code == 303
    assert "รับเป็นเกณฑ์ผ่าน" in client.get(path).text
    client.may_fail = True
    sign_in(client, role="auditor")
    assert client.get(path).status_code == 200
    assert client.post(f"{path}/open").status_code == 404


def test_it_all_holds_on_postgresql(any_database, session, sat, panel):
    now = a_round(session, sat, panel, ["50"] * 4, ["60"] * 4)
    assert now.closed_rounds[0].found.percent == 55
    with pytest.raises(NotFound):
        now.round_numbered(2)


def test_the_figures_of_an_exam_count_those_who_are_marked_and_follow_a_regrade(session, marked):
    found = figures_of(session, marked.exam)
    assert (found.people, found.waiting, found.void) == (3, 0, 0)
    by = {item.code: item for item in found.items}
    assert by["C1"].figures.facility == pytest.approx(1 / 3)
    assert {name: choice.taken for name, _right, choice in by["C1"].chosen} == {"a": 1, "b": 2, "c": 0}
    assert found.passed == 1
    proposal = regrading.considered(marked.exam, marked.versions["C2"], "void")
    seen = regrading.preview(session, marked.exam, proposal).digest
    regrading.regrade(session, marked.staff, marked.exam, proposal, reason="โจทย์ผิด", seen=seen)
    again = figures_of(session, marked.exam)
    assert again.void == 1
    assert "C2" not in {item.code for item in again.items}
    from webapp.assessments.bank.models import Item

    history = item_history(session, session.get(Item, marked.versions["C1"].item_id), Exam.id > 0)
    assert [(exam.code, figures.people) for exam, figures in history] == [("EX", 3)]


def test_with_one_person_or_none_figures_are_refused_in_words(client, sign_in, session, sat):
    """Two wait for their markers, so that one is counted."""
    found = figures_of(session, sat.exam)
    assert found.people == 1
    assert isinstance(found.whole, Refusal)
    sign_in(client, role="institute")
    assert "ต้องมีอย่างน้อย 2 คน" in client.get("/exams/EX/statistics").text


shares = st.fractions(0, 1, max_denominator=100)


@given(
    st.integers(2, 5).flatmap(lambda n: st.lists(st.lists(shares, min_size=n, max_size=n), min_size=1, max_size=6)),
    st.randoms(use_true_random=False),
)
@settings(max_examples=60)
def test_the_cut_is_the_mean_of_the_judges_in_any_order(rows, random):
    full = [Fraction(number) for number in range(1, len(rows[0]) + 1)]
    found = standard.round_of(rows, full)
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert standard.round_of(shuffled, full).cut == found.cut
    assert min(found.cuts) <= found.cut <= max(found.cuts)
    assert found.cut * len(rows) == sum(found.cuts)


def test_an_account_of_its_own_is_needed_to_judge(client, sign_in, sat):
    client.may_fail = True
    sign_in(client, account=account("officer"))
    assert client.get("/my/standards").status_code == 404
