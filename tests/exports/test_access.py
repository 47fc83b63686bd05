"""Who takes what away, and that the audit log says so."""

import io
import json

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.people import SignIn
from webapp.accounts.models import Account
from webapp.audit import AuditEntry, AuditOpening
from webapp.jobs.models import Job
from webapp.jobs.operations import do
from webapp.officers.models import Officer

COHORT = "DD-2568-1"


def taken(session: Session, action: str) -> list[tuple[AuditEntry, AuditOpening]]:
    session.expire_all()
    rows = session.execute(
        select(AuditEntry, AuditOpening)
        .join(AuditOpening, AuditOpening.entry_id == AuditEntry.id)
        .where(AuditEntry.action == action)
        .order_by(AuditEntry.id)
    )
    return [(entry, opening) for entry, opening in rows]


def trainee(session: Session) -> Officer:
    own = account_of(session, "trainee@kaona.example")
    return session.scalars(select(Officer).where(Officer.account_id == own.id)).one()


def account_of(session: Session, email: str) -> Account:
    return session.scalar(select(Account).where(Account.email == email))  # type: ignore[return-value]


def test_staff_ask_for_scorecards_and_the_worker_makes_them(
    demo_app: object, client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    who = sign_in(client, role="institute")
    answer = client.submit(f"/cohorts/{COHORT}/ranking", {}, action=f"/cohorts/{COHORT}/scorecards")  # type: ignore[attr-defined]
    assert answer.status_code == 303
    job = session.scalar(select(Job).where(Job.kind == "scorecards"))
    assert job is not None and job.asked_by_id == who.id and job.back_to == f"/cohorts/{COHORT}/ranking"
    do(job.id)
    session.expire_all()
    assert session.get_one(Job, job.id).status == "done", session.get_one(Job, job.id).error
    page = client.get(f"/jobs/{job.id}/file", buffered=True)
    assert page.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(page.data))
    page.close()
    assert book.sheetnames[:2] == ["สรุป", "การจัดลำดับ"]
    [(entry, opening)] = taken(session, "exports:scorecards:take")
    assert (entry.actor_name, entry.thing_key) == (who.name, COHORT)
    assert opening.values["after"]["people"] == 28


@pytest.mark.parametrize(
    "role", ["officer", "mentor", "assessor", "commission", "executive", "auditor", "administrator"]
)
def test_only_the_institute_makes_scorecards(
    demo_app: object, client: FlaskClient, session: Session, sign_in: SignIn, role: str
) -> None:
    sign_in(client, role=role)
    assert client.post(f"/cohorts/{COHORT}/scorecards").status_code == 404
    assert session.scalar(select(func.count()).select_from(Job)) == 0


def test_a_right_withdrawn_before_the_worker_comes_counts(
    demo_app: object, client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    who = sign_in(client, role="institute")
    client.post(f"/cohorts/{COHORT}/scorecards")
    job = session.scalar(select(Job).where(Job.kind == "scorecards"))
    assert job is not None
    session.get_one(Account, who.id).roles.clear()
    session.commit()
    do(job.id)
    session.expire_all()
    assert session.get_one(Job, job.id).status == "failed"
    assert taken(session, "exports:scorecards:take") == []


def test_an_officer_takes_their_own_record_with_released_scores_only(
    demo_app: object, client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    own, other = trainee(session), session.scalar(select(Officer).where(Officer.account_id.is_(None)))
    sign_in(client, account=account_of(session, "trainee@kaona.example"))
    document = json.loads(client.get(f"/officers/{own.officer_no}/record/file?kind=json").data)
    assert document["officer"]["officer_no"] == own.officer_no
    assert all(score["score"] is None and not score["entries"] for cohort in document["cohorts"]
               for score in cohort["scores"] if not score["released"])  # fmt: skip
    assert client.get(f"/officers/{other.officer_no}/record/file?kind=json").status_code == 404  # type: ignore[union-attr]
    [(entry, _opening)] = taken(session, "exports:record:take")
    assert entry.thing_key == own.officer_no


def test_a_mentor_sees_a_record_but_takes_none_away(
    demo_app: object, client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    sign_in(client, account=account_of(session, "mentor@kaona.example"))
    from webapp.coaching.models import MentorPairing
    from webapp.courses.models import Enrollment

    mentor = session.scalar(
        select(Officer).join(Account, Account.id == Officer.account_id).where(Account.email == "mentor@kaona.example")
    )
    assert mentor is not None
    theirs = session.scalars(
        select(Officer)
        .join(Enrollment, Enrollment.officer_id == Officer.id)
        .join(MentorPairing, MentorPairing.enrollment_id == Enrollment.id)
        .where(MentorPairing.mentor_id == mentor.id, MentorPairing.ended_at.is_(None))
    ).first()
    assert theirs is not None
    assert client.get(f"/officers/{theirs.officer_no}/record").status_code == 200
    assert client.get(f"/officers/{theirs.officer_no}/record/file?kind=json").status_code == 404


@pytest.mark.parametrize("kind", ["xlsx", "pdf", "json"])
def test_staff_take_a_record_in_each_kind(
    demo_app: object, client: FlaskClient, session: Session, sign_in: SignIn, kind: str
) -> None:
    sign_in(client, role="commission")
    number = trainee(session).officer_no
    answer = client.get(f"/officers/{number}/record/file?kind={kind}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="record-{number}.{kind}"'
    [(_entry, opening)] = taken(session, "exports:record:take")
    assert opening.values["after"]["kind"] == kind


def test_another_kind_is_refused_naming_the_three(
    demo_app: object, client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    sign_in(client, role="institute")
    answer = client.get(f"/officers/{trainee(session).officer_no}/record/file?kind=docx")
    assert answer.status_code == 400
    assert all(kind in answer.text for kind in (".xlsx", ".pdf", ".json"))


@pytest.mark.parametrize(
    ("address", "role"),
    [
        (f"/cohorts/{COHORT}/people.xlsx?status=completed", "institute"),
        (f"/cohorts/{COHORT}/ranking.xlsx", "institute"),
        ("/shortlists/1.xlsx", "executive"),
        ("/officers.xlsx?q=สม", "commission"),
        ("/posts.xlsx", "commission"),
    ],
)
def test_lists_are_taken_as_seen_and_noted(
    demo_app: object, client: FlaskClient, session: Session, sign_in: SignIn, address: str, role: str
) -> None:
    who = sign_in(client, role=role)
    page = client.get(address)
    assert page.status_code == 200, page.text[:300]
    sheet = openpyxl.load_workbook(io.BytesIO(page.data)).active
    assert sheet is not None and sheet.max_row > 1
    [(entry, _opening)] = taken(session, "exports:list:take")
    assert entry.actor_name == who.name


@pytest.mark.parametrize(
    ("address", "role"),
    [
        (f"/cohorts/{COHORT}/people.xlsx", "commission"),
        (f"/cohorts/{COHORT}/ranking.xlsx", "executive"),
        ("/shortlists/1.xlsx", "auditor"),
        ("/officers.xlsx", "executive"),
        ("/officers.xlsx", "mentor"),
    ],
)
def test_who_may_see_a_list_does_not_always_take_it(
    demo_app: object, client: FlaskClient, session: Session, sign_in: SignIn, address: str, role: str
) -> None:
    sign_in(client, role=role)
    assert client.get(address).status_code == 404
    assert taken(session, "exports:list:take") == []
