"""A whole roster is invited in one act, its links handed out on one sheet or in a file."""

import datetime as dt
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.accounts.conftest import officer
from webapp import clock
from webapp.accounts.models import Account
from webapp.audit import AuditEntry
from webapp.notices.models import OutboxMail
from webapp.officers.models import Officer

NEW = "ทุเรียนหมอนทองสามลูก"


@pytest.fixture
def roster(session: Session) -> None:
    officer(session, "R-1", email="one@bangkok.go.th", name="หนึ่ง")
    officer(session, "R-2", email="Two@bangkok.go.th", name="สอง")
    officer(session, "R-3", name="ไม่มีอีเมล")
    officer(session, "R-4", email="shared@bangkok.go.th", name="สี่")
    officer(session, "R-5", email="shared@bangkok.go.th", name="ห้า")
    officer(session, "R-6", email="=cmd@bangkok.go.th", name="=สูตร")
    session.commit()


@pytest.mark.usefixtures("roster")
def test_a_whole_roster_is_invited_in_one_act(
    any_database: str, client: FlaskClient, administrator: Account, session: Session
) -> None:
    page = client.get("/accounts/invitations").text
    assert "หนึ่ง" in page
    assert "อีก 1 คนยังไม่มีอีเมล" in page
    answer = client.submit("/accounts/invitations", {"role": "officer"}, button="how=mail")
    assert answer.status_code == 303
    made = session.scalars(select(Account).where(Account.id != administrator.id).order_by(Account.email)).all()
    assert [person.email for person in made] == ["=cmd@bangkok.go.th", "one@bangkok.go.th", "two@bangkok.go.th"]
    assert {role.name for person in made for role in person.roles} == {"officer"}
    assert session.scalar(select(func.count(Officer.id)).where(Officer.account_id.is_not(None))) == 3
    assert session.scalar(select(func.count(OutboxMail.id))) == 3
    entries = session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("accounts:invit"))).all()
    assert entries == ["accounts:invitations:issue"]


@pytest.mark.usefixtures("roster")
def test_links_to_hand_out_are_on_one_sheet_shown_once(
    client: FlaskClient, administrator: Account, session: Session
) -> None:
    sheet = client.submit("/accounts/invitations", {"role": "officer"}, button="how=sheet")
    found = re.findall(r"/link/([A-Za-z0-9_-]+)", sheet.text)
    assert len(found) == 3
    assert client.get(f"/link/{found[0]}").status_code == 200
    assert session.scalar(select(func.count(OutboxMail.id))) == 0
    assert "one@bangkok.go.th" not in client.get("/accounts/invitations").text


@pytest.mark.usefixtures("roster")
def test_the_file_of_links_holds_no_formula(client: FlaskClient, administrator: Account) -> None:
    answer = client.submit("/accounts/invitations", {"role": "officer"}, button="how=csv")
    assert answer.mimetype == "text/csv"
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert len(lines) == 4
    assert any("'=สูตร" in line for line in lines)
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("roster")
def test_the_trainees_of_a_cohort_or_their_mentors_are_invited(
    client: FlaskClient, administrator: Account, session: Session
) -> None:
    from webapp.careers.models import Course
    from webapp.coaching.models import MentorPairing
    from webapp.courses.models import Cohort, Enrollment

    course = session.scalars(select(Course).where(Course.code == "district-director-course")).one()
    cohort = Cohort(
        code="DD-1", name_th="รุ่นที่ 1", name_en="Cohort 1", course_id=course.id, starts_on=dt.date(2026, 1, 5), seats=5,
        ends_on=dt.date(2026, 6, 30), created_at=clock.now(), created_by="x",
    )  # fmt: skip
    session.add(cohort)
    people = {row.officer_no: row.id for row in session.scalars(select(Officer))}
    session.flush()
    for number, status in (("R-1", "enrolled"), ("R-4", "withdrawn")):
        session.add(
            Enrollment(
                cohort_id=cohort.id, officer_id=people[number], status=status, decided_by="x", decided_at=clock.now()
            )
        )
    session.flush()
    enrolled = session.scalars(select(Enrollment).where(Enrollment.officer_id == people["R-1"])).one()
    session.add(MentorPairing(enrollment_id=enrolled.id, mentor_id=people["R-2"], paired_by="x", paired_at=clock.now()))
    session.commit()
    trainees = client.get("/accounts/invitations?cohort=DD-1").text
    assert "one@bangkok.go.th" in trainees
    assert "shared@bangkok.go.th" not in trainees
    assert "Two@bangkok.go.th" not in trainees
    mentors = client.get("/accounts/invitations?cohort=DD-1&role=mentor").text
    assert "Two@bangkok.go.th" in mentors
    assert "one@bangkok.go.th" not in mentors
    answer = client.submit(
        "/accounts/invitations?cohort=DD-1&role=mentor", {"role": "mentor", "cohort": "DD-1"}, button="how=mail"
    )
    assert answer.status_code == 303
    made = session.scalars(select(Account).where(Account.email == "two@bangkok.go.th")).one()
    assert [role.name for role in made.roles] == ["mentor"]
    assert client.get("/accounts/invitations?cohort=nowhere&role=king").status_code == 200
