"""Blind marking (promise 14): until release an assessor receives nothing that names the person, nor others' marks."""

import io
import re
import zipfile
from decimal import Decimal as D

import pytest
from sqlalchemy import select

from tests.assessments.conftest import enroll, no_conflicts, number_of, officer
from tests.people import account
from webapp import clock
from webapp.accounts.queries import actor_for
from webapp.assessments.models import MarkDraft, PlanComponent, ScoreEntry
from webapp.assessments.operations import record_score, release_scores
from webapp.assessments.panels.operations import name_member
from webapp.assessments.rules import Given, Line
from webapp.audit import Actor
from webapp.errors import RuleBroken
from webapp.exports.operations import scorecards
from webapp.files.anonymous import without_properties
from webapp.files.operations import DOCX
from webapp.officers.models import Officer
from webapp.projects import operations as projects
from webapp.projects.models import ProjectAssignment

NAMES = ("กานดา", "ขวัญ", "คมสัน", "Person T", "T1", "T2", "T3")


def docx(author):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("docProps/core.xml", f"<cp><dc:creator>{author}</dc:creator></cp>")
        made.writestr("docProps/app.xml", f"<Properties><Company>{author}</Company></Properties>")
        made.writestr("word/document.xml", f'<w:p><w:ins w:id="1" w:author="{author}"/>เนื้อความ</w:p>')
    return file.getvalue()


@pytest.fixture
def member(session, cohort, trainees, assessors, staff):
    made = name_member(session, actor_for(staff), cohort, "proposal", assessors[0])
    no_conflicts(session, made)
    return made


@pytest.fixture
def handed_in(session, trainees):
    """Everybody has handed in a proposal with one file that bears their name in every way."""
    for enrollment in trainees:
        person = session.get(Officer, enrollment.officer_id)
        work = ProjectAssignment(
            enrollment_id=enrollment.id, kind="proposal", title="ข้อเสนอ", assigned_by="ก", assigned_at=clock.now()
        )
        session.add(work)
        session.flush()
        actor = Actor(kind="account", name=person.name_th, account_id=person.account_id)
        projects.add_file(session, actor, work, f"{person.given_name}.docx", docx(person.given_name))
        projects.submit(session, actor, work, summary="บทสรุป", version=work.version)
    session.commit()


def told(answer):
    """Everything an answer gives away: text, address, headers; tokens and handles are drawn by lot and may spell anything."""
    said = f"{answer.headers} {answer.get_data(as_text=True)}"
    return re.sub(r"[\w.-]{30,}|\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", "", said, flags=re.ASCII)


def test_nothing_an_assessor_receives_names_anybody_before_release(
    client, sign_in, session, cohort, trainees, assessors, member, handed_in
):
    sign_in(client, account=assessors[0])
    sheet = f"/my/panels/{member.id}"
    numbers = [number_of(session, enrollment) for enrollment in trainees]
    typed = {f"m-{numbers[0]}-0": "7", f"m-{numbers[0]}-1": "4", "action": "check"}
    assert client.post(sheet, data=typed).status_code == 303
    page = client.get(f"{sheet}/check").text
    sent = {name: re.search(rf'name="{name}" value="([\w-]+)"', page)[1] for name in ("seen", "key", "who")}
    assert client.post(f"{sheet}/check", data=sent).status_code == 303
    pages = [sheet, f"{sheet}/check", "/my/panels", "/", f"{sheet}/marks/{numbers[0]}", f"{sheet}/work/{numbers[1]}",
             "/notices", "/projects", "/cohorts/DD-1", "/cohorts/DD-1/plan"]  # fmt: skip
    for language in ("th", "en"):
        client.set_cookie("language", language)
        for path in pages:
            answer = client.get(path)
            assert answer.status_code == 200, path
            for name in NAMES:
                assert name not in told(answer), (path, name)
            for enrollment in trainees:
                assert f"m-{enrollment.id}-" not in answer.text, path
    for path in ("/cohorts/DD-1/scores/proposal/T1", "/cohorts/DD-1/scores/proposal", "/officers/T1", "/projects/1",
                 f"{sheet}/work/{trainees[0].id}", f"{sheet}/marks/{trainees[0].id}", f"{sheet}/work/x"):  # fmt: skip
        assert client.get(path).status_code == 404, path


def test_a_file_to_mark_says_nothing_of_its_author_in_name_or_properties(
    client, sign_in, session, trainees, assessors, member, handed_in
):
    sign_in(client, account=assessors[0])
    number = number_of(session, trainees[0])
    answer = client.get(f"/my/panels/{member.id}/work/{number}/1")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="work-{number}-1.docx"'
    content = answer.data
    answer.close()
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert file.testzip() is None
        everything = b"".join(file.read(name) for name in file.namelist()).decode()
    assert "เนื้อความ" in everything
    assert "กานดา" not in everything
    assert client.get(f"/my/panels/{member.id}/work/{number}/2").status_code == 404


def test_the_order_of_candidates_is_that_of_their_numbers_which_differ_by_component(session, trainees, client, sign_in, assessors, member):  # fmt: skip
    sign_in(client, account=assessors[0])
    numbers = {number_of(session, enrollment) for enrollment in trainees}
    shown = re.findall(r'<span class="name">\S+ ([2-9A-Z]{4}-[2-9A-Z]{4})', client.get(f"/my/panels/{member.id}").text)
    assert shown == sorted(numbers)
    assert numbers.isdisjoint(number_of(session, enrollment, "exam") for enrollment in trainees)


def test_names_are_shown_once_released_or_where_the_panel_meets_the_person(
    client, sign_in, session, cohort, trainees, assessors, member, actor
):
    sign_in(client, account=assessors[0])
    sheet = f"/my/panels/{member.id}"
    assert "กานดา" not in client.get(sheet).text
    component = session.scalar(select(PlanComponent).where(PlanComponent.code == "proposal"))
    component.face_to_face = True
    session.commit()
    assert "กานดา" in client.get(sheet).text
    client.post(f"{sheet}/draft", data={f"m-{trainees[0].id}-0": "7"})
    assert session.scalar(select(MarkDraft.enrollment_id)) == trainees[0].id
    component.face_to_face = False
    release_scores(session, actor, cohort, "proposal")
    session.commit()
    assert "กานดา" in client.get(sheet).text


def test_staff_who_sit_on_the_panel_see_others_marks_only_after_their_own(client, sign_in, session, cohort, trainees, staff):  # fmt: skip
    both = account("institute", "assessor", name="กรรมการ เจ้าหน้าที่")
    other = account("assessor", name="กรรมการ อื่น")
    for person in (both, other):
        no_conflicts(session, name_member(session, actor_for(staff), cohort, "proposal", person))

    def marks(analysis):
        return Given(marks=(Line("analysis", D(2), D(10), D(analysis)), Line("delivery", D(1), D(5), D("4.37"))))

    record_score(session, actor_for(other), trainees[0], "proposal", marks("9.41"), member=other.name)
    session.commit()
    sign_in(client, account=both)
    pages = [
        "/cohorts/DD-1/scores/proposal",
        "/cohorts/DD-1/scores/proposal/T1",
        "/cohorts/DD-1/ranking/T1",
        "/officers/T1/record",
    ]
    for path in pages:
        text = client.get(path).text
        assert "9.41" not in text and "45.93" not in text, path
    with pytest.raises(RuleBroken, match="ยังส่งคะแนนไม่ครบ"):
        scorecards(session, actor=actor_for(both), cohort=cohort)
    record_score(session, actor_for(both), trainees[0], "proposal", marks("5"), member=both.name)
    session.commit()
    assert "9.41" in client.get("/cohorts/DD-1/scores/proposal/T1").text
    assert session.scalar(select(ScoreEntry.id)) is not None


def test_nobody_marks_a_stranger_to_the_cohort_by_guessing(
    client, sign_in, session, cohort, trainees, assessors, member
):
    late = enroll(session, cohort, officer(session, "L1"), "withdrawn")
    session.commit()
    sign_in(client, account=assessors[0])
    for handle in (str(late.id), "AAAA-AAAA", "0", "-1", "9" * 40, "%00", "../1"):
        assert client.get(f"/my/panels/{member.id}/marks/{handle}").status_code in (308, 404), handle


def test_properties_go_from_pdf_and_pictures_and_the_rest_stays():
    pdf = (b"%PDF-1.7\n1 0 obj\n<< /Author (Kanda \\(K\\)) /Title <FEFF0E01> /Pages 2 0 R >>\nendobj\n"
           b"<x:xmpmeta>Kanda</x:xmpmeta>\ntrailer << /Root 3 0 R /Info 1 0 R >>")  # fmt: skip
    made = without_properties("application/pdf", pdf)
    assert len(made) == len(pdf)
    assert b"Kanda" not in made and b"FEFF" not in made and b"/Info" not in made
    assert b"/Pages 2 0 R" in made and b"/Root 3 0 R" in made
    jpeg = b"\xff\xd8" + b"\xff\xe1\x00\x07Kanda" + b"\xff\xdb\x00\x04ab" + b"\xff\xda\x00\x02pixels"
    assert without_properties("image/jpeg", jpeg) == b"\xff\xd8\xff\xdb\x00\x04ab\xff\xda\x00\x02pixels"
    png = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\x05tEXtKandaCRC4" + b"\x00\x00\x00\x00IENDCRC4"
    assert without_properties("image/png", png) == b"\x89PNG\r\n\x1a\n\x00\x00\x00\x00IENDCRC4"
    assert without_properties("text/plain", b"x") == b"x"
    assert b"Kanda" not in without_properties(DOCX, docx("Kanda"))
