"""The pages of marking, results and regrading, as each audience meets them."""

import io
import re

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from tests.assessments.exams.marking.conftest import give
from webapp.accounts.queries import actor_for
from webapp.assessments.exams.marking import conflicts
from webapp.assessments.exams.models import EssayMark, Regrade
from webapp.assessments.models import ScoreEntry, ScoreRelease
from webapp.notices.models import Notice
from webapp.officers.models import Officer


def paths(sat):
    number, version = sat.candidates[0].number, sat.versions["E1"].id
    return [
        "/exams/EX/results", "/exams/EX/results?q=กานดา&state=marked&passed=yes&sort=total&dir=desc", f"/exams/EX/results/{number}",
        "/exams/EX/essays", "/exams/EX/essays/agreement", f"/exams/EX/essays/{number}/{version}", "/exams/EX/regrades", "/exams/EX/statistics",
        "/exams/EX/statistics?flagged=yes", "/exams/EX/standard", "/bank/C1/statistics",
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_page_of_staff_opens_in_both_languages(client, sign_in, marked, language):
    client.set_cookie("language", language)
    sign_in(client, role="institute")
    more = ["/exams/EX/results/transfer", "/exams/EX/results/release", "/exams/EX/essays/rule", "/exams/EX/standard/new",
            "/exams/EX/statistics.xlsx"]  # fmt: skip
    more += [f"/exams/EX/regrades/new/{version.id}" for version in marked.versions.values()]
    for path in paths(marked) + more:
        assert client.get(path).status_code == 200, path
    for path in ("/exams/NO/results", "/exams/EX/results/123", "/exams/EX/regrades/99", "/exams/EX/standard/99"):
        assert client.get(path).status_code == 404, path


def test_the_workbook_of_results_says_what_the_page_says(client, sign_in, marked):
    sign_in(client, role="institute")
    book = CalamineWorkbook.from_object(io.BytesIO(client.get("/exams/EX/results.xlsx").data))
    totals, marks = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    rows = {row[1]: row for row in totals[1:]}
    assert rows["นายกานดา ทดสอบ"][3:7] == [12, 13, 92.31, "ผ่าน"]
    assert [head[:2] for head in marks[0][2:]] == ["C1", "C2", "E1", "N1"]
    assert next(row for row in marks if row[1] == "นายกานดา ทดสอบ")[2:] == [1, 0, 10, 1]
    client.may_fail = True
    sign_in(client, role="auditor")
    assert client.get("/exams/EX/results.xlsx").status_code == 404


def test_an_auditor_reads_answers_and_marks_but_never_the_key(client, sign_in, marked):
    sign_in(client, role="auditor")
    for path in paths(marked):
        text = client.get(path).text
        assert "แนวคำตอบลับ" not in text, path
        assert "<dt>เฉลย" not in text, path
        assert "regrades/new" not in text, path
    client.may_fail = True
    for path in (
        "/exams/EX/results/transfer",
        "/exams/EX/results/release",
        f"/exams/EX/regrades/new/{marked.versions['C1'].id}",
    ):
        assert client.get(path).status_code == 404, path


def test_a_candidate_and_a_marker_with_staff_rights_find_nothing(client, sign_in, session, marked):
    from tests.people import role_named

    officer = session.get(Officer, marked.candidates[0].officer_id)
    both = sign_in(client, roles=("institute", "officer"))
    officer.account_id = both.id
    session.commit()
    client.may_fail = True
    for path in paths(marked)[:-1]:
        assert client.get(path).status_code == 404, path
    officer.account_id = None
    marked.markers[0].roles.append(role_named("institute"))
    session.commit()
    sign_in(client, account=marked.markers[0])
    for path in paths(marked)[:-1]:
        assert client.get(path).status_code == 404, path


def test_a_marker_sees_neither_names_nor_the_others_mark(client, sign_in, session, sat):
    give(session, sat, 0, 0, "6", note="ความเห็นลับ")
    conflicts.declare(session, actor_for(sat.markers[1]), sat.exam, _marker(session, sat, 1), "")
    session.commit()
    sign_in(client, account=sat.markers[1])
    number, version = sat.candidates[0].number, sat.versions["E1"].id
    for path in ("/my/essays", "/my/essays/EX", f"/my/essays/EX/{number}/{version}"):
        text = client.get(path).text
        for secret in ("กานดา", "ขวัญ", "T1", "ผู้ตรวจ หนึ่ง", "ความเห็นลับ"):
            assert secret not in text, (path, secret)
    assert "แผนของคนที่หนึ่ง" in client.get(f"/my/essays/EX/{number}/{version}").text
    client.may_fail = True
    third = sat.candidates[2].number
    assert client.get(f"/my/essays/EX/{third}/{version}").status_code == 404, "not answered: nothing to mark"
    sign_in(client, role="assessor")
    assert client.get("/my/essays/EX").status_code == 404
    assert client.get("/my/essays").status_code == 200


def _marker(session, sat, number):
    from webapp.assessments.exams.marking.essay_queries import markers_of

    return next(row for row in markers_of(session, sat.exam) if row.account_id == sat.markers[number].id)


def test_declaring_then_marking_by_the_form_and_correcting_with_a_reason(client, sign_in, session, sat):
    sign_in(client, account=sat.markers[0])
    number, version = sat.candidates[0].number, sat.versions["E1"].id
    page = client.get("/my/essays/EX")
    assert "ความเกี่ยวข้องกับผู้เข้าสอบ" in page.text
    answer = client.post("/my/essays/EX/declaration", data={"close": "yes", "names": ""})
    assert answer.status_code == 303
    assert "ความเกี่ยวข้องกับผู้เข้าสอบ" in client.get("/my/essays/EX").text
    client.post("/my/essays/EX/declaration", data={"close": "yes", "names": "นายกานดา  ทดสอบ"})
    client.may_fail = True
    assert client.get(f"/my/essays/EX/{number}/{version}").status_code == 404, "a relative's essay never arrives"
    other = sat.candidates[1].number
    path = f"/my/essays/EX/{other}/{version}"
    bad = client.submit(path, {"r-0": "7", "r-1": "4"})
    assert bad.status_code == 422
    assert "ต้องอยู่ระหว่าง 0 ถึง 6" in bad.text
    assert 'value="7"' in bad.text, "what was typed stays"
    assert client.submit(path, {"r-0": "๕", "r-1": "3.5"}).status_code == 303
    assert client.submit(path, {"r-0": "4", "r-1": "3.5"}).status_code == 422, "a correction needs its reason"
    assert client.submit(path, {"r-0": "4", "r-1": "3.5", "reason": "อ่านซ้ำ"}).status_code == 303
    stale = client.post(path, data={"r-0": "1", "r-1": "1", "reason": "ก", "seen": "1"})
    assert stale.status_code == 422
    assert "หน้าต่างอื่น" in stale.text
    marks = session.scalars(select(EssayMark).order_by(EssayMark.id)).all()
    assert [(row.marks["think"], row.reason) for row in marks] == [("5", ""), ("4", "อ่านซ้ำ")]


def test_a_regrade_is_looked_at_recorded_and_undone_by_the_forms(client, sign_in, session, marked):
    sign_in(client, account=_staff(session))
    version = marked.versions["C1"].id
    path = f"/exams/EX/regrades/new/{version}"
    wrong = client.submit(path, {"kind": "key", "c-0": "0", "c-1": "0", "c-2": "0"})
    assert wrong.status_code == 422
    looked = client.submit(path, {"kind": "key", "c-0": "0", "c-1": "100", "c-2": "0"})
    assert looked.status_code == 200
    assert session.scalar(select(Regrade)) is None, "looking records nothing"
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', looked.text))
    assert client.post(f"{path}/confirmed", data=hidden).status_code == 409, "no reason"
    stale = client.post(f"{path}/confirmed", data={**hidden, "seen": "0" * 64, "reason": "เฉลยผิด"})
    assert stale.status_code == 409
    assert "ผลสอบเปลี่ยนไปหลังจากท่านเปิดดูตัวอย่าง" in stale.text
    done = client.post(f"{path}/confirmed", data={**hidden, "reason": "เฉลยผิด"})
    again = client.post(f"{path}/confirmed", data={**hidden, "reason": "เฉลยผิด"})
    assert done.status_code == again.status_code == 303
    assert done.location == again.location, "sent twice, made once"
    made = session.scalars(select(Regrade)).one()
    assert len(made.changed) == 3
    one = f"/exams/EX/regrades/{made.id}"
    page = client.get(one)
    assert "คนอื่นคงเดิม" in page.text
    assert client.submit(one, {"reason": ""}).status_code == 422
    assert client.submit(one, {"reason": "เฉลยเดิมถูก"}).status_code == 303
    session.refresh(made)
    assert made.undone_reason == "เฉลยเดิมถูก"


def _staff(session):
    from webapp.accounts.models import Account

    return session.scalar(select(Account).where(Account.name == "เจ้าหน้าที่ หนึ่ง"))


def test_transfer_then_release_in_one_step_tells_everybody(client, sign_in, session, marked):
    person = sign_in(client, role="officer")
    officer = session.get(Officer, marked.candidates[0].officer_id)
    officer.account_id = person.id
    session.commit()
    sign_in(client, account=_staff(session))
    assert client.submit("/exams/EX/results/release", {"scores": "yes"}).status_code == 303
    session.refresh(marked.exam)
    assert marked.exam.status == "closed", "the ledger does not hold the totals yet"
    assert client.submit("/exams/EX/results/transfer", {"differs": ""}).status_code == 303
    assert len(session.scalars(select(ScoreEntry)).all()) == 3
    assert client.submit("/exams/EX/results/release", {"scores": "yes"}).status_code == 303
    session.refresh(marked.exam)
    assert marked.exam.status == "released"
    assert session.scalar(select(ScoreRelease.component)) == "exam"
    kinds = session.scalars(select(Notice.kind).where(Notice.account_id == person.id).order_by(Notice.id)).all()
    assert kinds == ["assessments:exam:released", "assessments:score:released"]


def test_the_number_of_queries_does_not_grow_with_the_candidates(client, sign_in, session, marked, statements):
    sign_in(client, role="institute")
    client.get("/exams/EX/results")
    with statements() as ran:
        client.get("/exams/EX/results")
    assert len(ran) < 30, len(ran)
