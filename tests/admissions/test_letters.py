"""Letters: in Thai digits and the Buddhist era, with the reasons and the statutory route; the same bytes again."""

import subprocess

import pytest
from sqlalchemy import select

from tests.admissions import world
from webapp.admissions import deciding, letters
from webapp.admissions import selection_queries as reads
from webapp.admissions.models import Place, Selection
from webapp.jobs.models import Job


@pytest.fixture
def selection(session):
    first, second = world.staff(session, "นางพรทิพย์"), world.staff(session, "นายสมเกียรติ")
    cohort = world.cohort(session, seats=1)
    world.with_plan(session, cohort, first, second)
    world.candidates(
        session, cohort, first, {"A1": (90, 90, 90), "A2": (80, 80, 80), "A3": (75, 75, 75), "A4": (50, 90, 90)}
    )
    refused = world.applied(session, cohort, world.officer(session, "B1", meets=False))
    deciding.refuse(session, first, refused, reason="ยังไม่เคยดำรงตำแหน่งผู้ช่วยผู้อำนวยการเขต")
    made = world.published(session, cohort, first, second)
    session.commit()
    return reads.selection_by_id(session, made.id)


def _data(session, selection, monkeypatch):
    """What the letters say, before they are set."""
    found = {}
    monkeypatch.setattr(letters, "render", lambda template, data, *, dated: found.update(data) or b"")
    letters.letters(session, selection)
    places = reads.places_of(session, selection.id)
    return {place.officer_no: letter for place, letter in zip(places, found["letters"], strict=True)}


def test_each_letter_says_what_its_place_is(session, selection, monkeypatch):
    found = _data(session, selection, monkeypatch)
    assert "ได้รับการคัดเลือกเข้ารับการอบรม ลำดับที่ ๑" in found["A1"]["paragraphs"][0]
    assert "ภายในวันที่" in found["A1"]["paragraphs"][1] and found["A1"]["route"] == ""
    assert "บัญชีสำรอง" in found["A2"]["paragraphs"][0] and "บัญชีใช้ได้ถึงวันที่" in found["A2"]["paragraphs"][1]
    assert "ขึ้นบัญชีผู้ผ่านการคัดเลือก" in found["A3"]["paragraphs"][0]
    assert found["A4"]["reasons"] == ["คะแนนความรู้ทั่วไป ได้ ๕๐ จาก ๑๐๐ ต้องได้อย่างน้อย ๖๐ (ร้อยละ ๖๐)"]
    assert found["B1"]["reasons"] == ["ยังไม่เคยดำรงตำแหน่งผู้ช่วยผู้อำนวยการเขต"]
    for number in ("A4", "B1"):
        assert "ก.พ.ค. กรุงเทพมหานคร" in found[number]["route"]
    for letter in found.values():
        assert not set("0123456789") & set(letter["day"] + letter["opening"] + "".join(letter["paragraphs"])), letter


@pytest.mark.needs("pdftoppm")
def test_all_in_one_document_a_page_each_the_same_bytes_again(session, selection, tmp_path):
    content = letters.letters(session, selection)
    assert content == letters.letters(session, selection)
    (tmp_path / "letters.pdf").write_bytes(content)
    said = subprocess.run(["pdfinfo", str(tmp_path / "letters.pdf")], capture_output=True, text=True, check=True).stdout
    assert "Pages:           5" in said


def test_everybody_gets_their_own_and_staff_all_as_a_job(app, client, sign_in, session, selection):
    from tests.people import account
    from webapp.jobs.operations import do
    from webapp.officers.models import Officer

    own = account("officer")
    session.scalars(select(Officer).where(Officer.officer_no == "A4")).one().account_id = own.id
    session.commit()
    sign_in(client, account=own)
    answer = client.get(f"/my/applications/results/{selection.id}/letter")
    assert answer.status_code == 200 and answer.data.startswith(b"%PDF-")
    assert client.get(f"/admissions/{selection.id}").status_code == 404
    sign_in(client, role="officer")
    assert client.get(f"/my/applications/results/{selection.id}/letter").status_code == 404
    sign_in(client, role="institute")
    page = client.get(f"/admissions/{selection.id}")
    assert page.status_code == 200
    assert client.post(f"/admissions/{selection.id}/letters", data={"key": "abc"}).status_code == 303
    job = session.scalars(select(Job)).one()
    do(job.id)
    session.expire_all()
    assert (job.status, job.error or "") == ("done", "")


def test_a_draft_has_no_letters(client, sign_in, session, selection):
    session.execute(select(Place.id))
    draft = Selection(
        **{name: getattr(selection, name) for name in (
            "cohort_id", "plan_id", "plan_version", "seats", "reserve", "inputs", "inputs_digest", "result",
            "result_digest", "audit_head", "drawn_up_by", "drawn_up_at",
        )}, status="draft",
    )  # fmt: skip
    session.add(draft)
    session.commit()
    sign_in(client, role="institute")
    assert client.post(f"/admissions/{draft.id}/letters", data={"key": "abc"}).status_code == 404
