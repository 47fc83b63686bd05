"""Accounts in pages and commands: made, invited, changed, closed; passwords changed and forgotten; links used once."""

import datetime as dt
import re
import time
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests.people import PASSWORD, account, enter_as
from webapp import clock
from webapp.accounts import links, operations
from webapp.accounts.models import Account, OneTimeLink, SignIn
from webapp.audit import SYSTEM, Actor, AuditEntry, AuditOpening
from webapp.errors import BadInput, Conflict, NotFound, RuleBroken
from webapp.notices.models import OutboxMail
from webapp.notices.outbox import send_waiting_mail
from webapp.officers.models import Officer

NEW = "ทุเรียนหมอนทองสามลูก"


def officer(session: Session, number: str, *, email: str = "", name: str = "สมหญิง") -> Officer:
    made = Officer(
        officer_no=number, given_name=name, family_name="ทดสอบ", sort_key=f"{name} ทดสอบ", email=email or None,
        birth_date=dt.date(1980, 1, 1), entry_date=dt.date(2005, 1, 1),
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


@pytest.fixture
def administrator(client: FlaskClient) -> Account:
    person = account("administrator", name="ผู้ดูแล หนึ่ง")
    enter_as(client, person)
    return person


# Making and changing -------------------------------------------------------------------------------------------------


def test_an_account_is_made_and_invited_by_mail_without_a_working_link_in_the_database(
    client: FlaskClient, administrator: Account, session: Session, app: Flask
) -> None:
    answer = client.submit(
        "/accounts/new",
        {"name": "สมชาย ใจดี", "email": "Somchai@Bangkok.go.th", "roles": ["mentor", "officer"], "by_mail": "y"},
    )
    assert answer.status_code == 303
    made = session.scalars(select(Account).where(Account.email == "somchai@bangkok.go.th")).one()
    assert [role.name for role in made.roles] == ["mentor", "officer"]
    mail = session.scalars(select(OutboxMail)).one()
    assert re.search(r"\[\[link:\d+\]\]", mail.body)
    link = session.scalars(select(OneTimeLink)).one()
    secret = links.secret_of(link)
    assert link.secret_digest != secret
    session.rollback()
    assert send_waiting_mail(session) == 1
    sent = next((app.config["DATA_DIR"] / "outbox").glob("*.txt")).read_text(encoding="utf-8")
    assert f"/link/{secret}" in sent
    assert "สมชาย ใจดี" in sent


def test_a_link_to_hand_over_is_shown_once_and_never_taken_from_the_hosts_name(
    client: FlaskClient, administrator: Account, session: Session
) -> None:
    person = account("officer")
    page = client.post(
        f"/accounts/{person.id}/invite", data={"how": "hand"}, headers={"X-Forwarded-Host": "evil.example"}
    )
    address = re.search(r"<code[^>]*>([^<]+)</code>", page.text)
    assert address is not None
    assert address[1].startswith("http://127.0.0.1:8000/link/")
    assert "/link/" not in client.get(f"/accounts/{person.id}").text


@pytest.mark.parametrize("roles", [["auditor", "officer"], ["administrator", "institute"], []])
def test_roles_that_do_not_go_together_are_refused(
    client: FlaskClient, administrator: Account, session: Session, roles: list[str]
) -> None:
    answer = client.submit("/accounts/new", {"name": "ก", "email": "a@b.go.th", "roles": roles})
    assert answer.status_code == 422
    assert 'value="a@b.go.th"' in answer.text, "what was typed is kept"
    assert session.scalar(select(func.count(Account.id))) == 1


@pytest.mark.parametrize(
    "email", ["", "a", "a@", "@b.th", "a b@c.th", "a@b..th", "a@b.th\nBcc: x@y.th", "<a@b.th>", "a" * 250 + "@b.th"]
)
def test_what_is_no_address_is_refused(app: Flask, session: Session, email: str) -> None:
    with pytest.raises(BadInput):
        operations.create_account(session, SYSTEM, email=email, name="x", roles=["officer"])


def test_an_address_is_used_once(app: Flask, session: Session) -> None:
    operations.create_account(session, SYSTEM, email="a@b.go.th", name="x", roles=["officer"])
    with pytest.raises(RuleBroken):
        operations.create_account(session, SYSTEM, email="A@B.go.th ", name="y", roles=["mentor"])


def test_nobody_changes_their_own_roles_or_closes_their_own_account(
    client: FlaskClient, administrator: Account, session: Session
) -> None:
    account("administrator")
    answer = client.submit(f"/accounts/{administrator.id}/edit", {"roles": ["auditor"]})
    assert answer.status_code == 422
    assert client.post(f"/accounts/{administrator.id}/disable", data={"reason": "x"}).status_code == 422
    session.expire_all()
    found = session.get_one(Account, administrator.id)
    assert found.active
    assert [role.name for role in found.roles] == ["administrator"]
    assert client.submit(f"/accounts/{administrator.id}/edit", {"name": "ชื่อใหม่"}).status_code == 303


def test_the_last_administrator_stays(any_database: str, app: Flask, session: Session, actor: Actor) -> None:
    last, gone = account("administrator"), account("administrator")
    operations.disable(session, actor, gone, reason="ย้ายหน่วยงาน")
    with pytest.raises(RuleBroken):
        operations.disable(session, actor, last, reason="x")
    with pytest.raises(RuleBroken):
        operations.change_account(session, actor, last, email=last.email, name=last.name, roles=["officer"])


def test_closing_needs_a_reason_ends_everything_and_is_kept(
    app: Flask, session: Session, actor: Actor, client: FlaskClient
) -> None:
    person = account("officer")
    enter_as(client, person)
    link = operations.invite(session, actor, person, by_mail=False)
    secret = links.secret_of(link)
    with pytest.raises(BadInput):
        operations.disable(session, actor, person, reason="  ")
    operations.disable(session, actor, person, reason="ลาออก")
    session.commit()
    assert client.get("/account").status_code == 303
    assert links.find(session, secret) is None
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    opening = session.get_one(AuditOpening, entry.id)
    assert (entry.action, opening.reason, opening.values["after"]) == (
        "accounts:account:disable",
        "ลาออก",
        {"active": False},
    )
    with pytest.raises(Conflict):
        operations.disable(session, actor, person, reason="again")
    operations.enable(session, actor, person, reason="กลับมา")
    assert person.active


def test_an_account_is_linked_to_one_officer_and_an_officer_to_one_account(
    client: FlaskClient, administrator: Account, session: Session
) -> None:
    officer(session, "K-1")
    officer(session, "K-2")
    first, second = account("officer"), account("officer")
    assert client.submit(f"/accounts/{first.id}/edit", {"officer_no": "K-1"}).status_code == 303
    assert client.submit(f"/accounts/{second.id}/edit", {"officer_no": "K-1"}).status_code == 422
    assert client.submit(f"/accounts/{second.id}/edit", {"officer_no": "none"}).status_code == 400
    assert client.submit(f"/accounts/{first.id}/edit", {"officer_no": "K-2"}).status_code == 303
    held = dict(session.execute(select(Officer.officer_no, Officer.account_id)).all())
    assert held == {"K-1": None, "K-2": first.id}


def test_the_auditor_reads_accounts_and_changes_none(client: FlaskClient, session: Session) -> None:
    enter_as(client, account("auditor"))
    person = account("officer")
    assert client.get("/accounts").status_code == 200
    page = client.get(f"/accounts/{person.id}")
    assert page.status_code == 200
    assert "/disable" not in page.text
    assert "/audit?thing=account" in page.text
    assert client.post(f"/accounts/{person.id}/disable", data={"reason": "x"}).status_code == 404


def test_the_list_is_searched_filtered_and_asks_the_database_equally_often(
    client: FlaskClient, administrator: Account, statements: Any, session: Session
) -> None:
    def queries() -> int:
        with statements() as ran:
            client.get("/accounts")
        return len(ran)

    for number in range(3):
        account("officer", name=f"คนที่ {number}")
    few = queries()
    for number in range(3, 30):
        account("mentor", "officer", name=f"คนที่ {number}")
    assert queries() == few
    assert "คนที่ 29" in client.get("/accounts?q=29").text
    page = client.get("/accounts?role=administrator").text
    assert "ผู้ดูแล หนึ่ง" in page
    assert "คนที่ 1" not in page
    closed = account("officer", name="ปิดไปแล้ว")
    closed.active = False
    session.commit()
    assert "ปิดไปแล้ว" in client.get("/accounts?state=closed").text
    assert "ไม่พบรายการ" in client.get("/accounts?q=%25").text, "a sign of LIKE is a letter like any other"


# Rosters -------------------------------------------------------------------------------------------------------------


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


# One-time links and passwords ----------------------------------------------------------------------------------------


@pytest.fixture
def secret(session: Session, actor: Actor) -> str:
    person = account("officer", email="new@bangkok.go.th", name="สมหญิง รักเรียน")
    link = operations.invite(session, actor, person, by_mail=False)
    session.commit()
    return links.secret_of(link)


def test_looking_at_a_link_uses_nothing_up_and_sending_the_form_does(
    any_database: str, client: FlaskClient, secret: str, session: Session
) -> None:
    for _ in range(2):
        assert client.get(f"/link/{secret}").status_code == 200
    assert client.submit(f"/link/{secret}", {"password": NEW, "again": NEW}).status_code == 303
    assert client.get(f"/link/{secret}").status_code == 404
    assert client.post(f"/link/{secret}", data={"password": NEW, "again": NEW}).status_code == 404
    answer = client.post("/sign-in", data={"email": "new@bangkok.go.th", "password": NEW})
    assert answer.status_code == 303
    stored = session.scalars(select(Account.password).where(Account.email == "new@bangkok.go.th")).one()
    assert stored is not None
    assert stored.startswith("$argon2id$")


@pytest.mark.parametrize(
    ("password", "again"),
    [("short", "short"), ("password1234", "password1234"), ("สมหญิง1234567", "สมหญิง1234567"), (NEW, NEW + "x")],
)
def test_a_password_that_will_not_do_leaves_the_link_alive(
    client: FlaskClient, secret: str, password: str, again: str
) -> None:
    assert client.submit(f"/link/{secret}", {"password": password, "again": again}).status_code == 422
    assert client.submit(f"/link/{secret}", {"password": NEW, "again": NEW}).status_code == 303


def test_an_old_a_newer_and_an_invented_link_do_not_work(
    client: FlaskClient, secret: str, session: Session, actor: Actor
) -> None:
    assert client.get("/link/" + "x" * 43).status_code == 404
    person = session.scalars(select(Account).where(Account.email == "new@bangkok.go.th")).one()
    newer = links.secret_of(operations.invite(session, actor, person, by_mail=False))
    session.commit()
    assert client.get(f"/link/{secret}").status_code == 404
    assert client.get(f"/link/{newer}").status_code == 200
    session.execute(update(OneTimeLink).values(expires_at=clock.now() - dt.timedelta(seconds=1)))
    session.commit()
    assert client.get(f"/link/{newer}").status_code == 404


def test_of_two_who_use_a_link_at_once_one_loses(app: Flask, secret: str, session: Session) -> None:
    operations.use_link(session, secret, "$argon2id$first")
    with pytest.raises(NotFound):
        operations.use_link(session, secret, "$argon2id$second")


@pytest.mark.usefixtures("secret")
def test_a_forgotten_password_answers_alike_and_as_long_for_everybody(
    client: FlaskClient, session: Session, app: Flask
) -> None:
    person = account("officer", email="known@bangkok.go.th", password=PASSWORD)
    spent, pages = [], []
    for email in ("known@bangkok.go.th", "unknown@bangkok.go.th"):
        started = time.monotonic()
        answer = client.submit("/forgotten-password", {"email": email})
        spent.append(time.monotonic() - started)
        pages.append((answer.status_code, answer.location))
    assert pages == [(303, "/forgotten-password/sent")] * 2
    assert abs(spent[0] - spent[1]) < 0.25
    mails = session.scalars(select(OutboxMail)).all()
    assert [mail.to for mail in mails] == [person.email]


def test_no_more_than_three_mails_an_hour_go_to_one_address(
    client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.accounts.views.SAME_TIME_S", 0)
    account("officer", email="known@bangkok.go.th", password=PASSWORD)
    for _ in range(5):
        assert client.submit("/forgotten-password", {"email": "known@bangkok.go.th"}).status_code == 303
    assert session.scalar(select(func.count(OutboxMail.id))) == 3


def test_another_password_ends_every_other_sign_in(app: Flask, client: FlaskClient, session: Session) -> None:
    person = account("officer", password=PASSWORD)
    other = app.test_client()
    enter_as(client, person)
    enter_as(other, person)
    before = client.get_cookie("kaona")
    assert client.submit("/account/password", {"present": "not it", "password": NEW, "again": NEW}).status_code == 422
    answer = client.submit("/account/password", {"present": PASSWORD, "password": NEW, "again": NEW})
    assert answer.status_code == 303
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 303
    assert "รหัสผ่านของท่านถูกเปลี่ยนแล้ว" in session.scalars(select(OutboxMail.subject)).one()
    copied = app.test_client()
    assert before is not None
    copied.set_cookie("kaona", before.value)
    assert copied.get("/account").status_code == 303, "the cookie of before is dead too"


def test_guessing_the_present_password_is_slowed(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.accounts.entering.is_right", lambda *_: False)
    enter_as(client, account("officer", password="x" * 20))
    data = {"present": "guess", "password": NEW, "again": NEW}
    answers = [client.post("/account/password", data=data).status_code for _ in range(9)]
    assert answers[-1] == 429


def test_one_sees_where_one_is_signed_in_and_ends_it_there(app: Flask, client: FlaskClient, session: Session) -> None:
    person = account("officer")
    elsewhere = app.test_client()
    enter_as(elsewhere, person)
    enter_as(client, person)
    page = client.get("/account").text
    assert "เครื่องนี้" in page
    ended = re.search(r"/account/sign-ins/(\d+)/end", page)
    assert ended is not None
    assert client.post(ended[0]).status_code == 303
    assert elsewhere.get("/account").status_code == 303
    assert client.get("/account").status_code == 200
    enter_as(elsewhere, person)
    assert client.post("/account/sign-ins/end-others").status_code == 303
    assert elsewhere.get("/account").status_code == 303
    assert session.scalar(select(func.count(SignIn.id)).where(SignIn.ended_at.is_(None))) == 1


def test_the_language_is_kept_and_leads_back_to_our_own_page(client: FlaskClient, session: Session) -> None:
    person = account("officer")
    enter_as(client, person)
    answer = client.post("/language/en", data={"next": "/account"})
    assert (answer.status_code, answer.location) == (303, "/account")
    assert "My account" in client.get("/account").text
    session.expire_all()
    assert person.language == "en"
    assert client.post("/language/en", data={"next": "//evil.example"}).location == "/"
    assert client.post("/language/xx").status_code == 404


# Commands ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def kaona(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Any:
    from click.testing import CliRunner

    from webapp.cli import main

    monkeypatch.setattr("webapp.app.create_app", lambda _config, **_more: app)
    return lambda *arguments: CliRunner().invoke(main, list(arguments), catch_exceptions=False)


def test_the_command_makes_an_account_and_prints_its_link(kaona: Any, session: Session) -> None:
    officer(session, "K-9", name="สมศรี")
    session.commit()
    done = kaona(
        "account", "create", "Somsri@bangkok.go.th", "--role", "officer", "--role", "mentor", "--officer", "K-9"
    )
    assert done.exit_code == 0, done.output
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/link/[A-Za-z0-9_-]{43}\n", done.stdout)
    made = session.scalars(select(Account)).one()
    assert (made.email, made.name, [role.name for role in made.roles]) == (
        "somsri@bangkok.go.th",
        "สมศรี ทดสอบ",
        ["mentor", "officer"],
    )
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "accounts:account:create")).one()
    assert entry.actor_kind == "operator"
    session.rollback()
    again = kaona("account", "invite", "somsri@bangkok.go.th")
    assert again.exit_code == 0, again.output
    assert again.stdout != done.stdout
    assert kaona("account", "disable", "somsri@bangkok.go.th", "--reason", "ทดสอบ").exit_code == 0
    assert kaona("account", "invite", "somsri@bangkok.go.th").exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("x@y.go.th", "--role", "king"), 2), (("nonsense", "--role", "officer"), 2), (("x@y.go.th",), 2),
        (("x@y.go.th", "--role", "officer", "--officer", "none"), 2), (("x@y.go.th", "--role", "auditor", "--role", "mentor"), 1),
    ],
)  # fmt: skip
def test_the_command_refuses_in_one_sentence_and_writes_nothing(
    kaona: Any, session: Session, arguments: tuple[str, ...], code: int
) -> None:
    done = kaona("account", "create", *arguments)
    assert done.exit_code == code
    assert "Traceback" not in done.output
    session.rollback()
    assert session.scalar(select(func.count(Account.id))) == 0
