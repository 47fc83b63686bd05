"""Who is in the tests of accounts: an administrator, signed in, and officers."""

import datetime as dt

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.people import account, enter_as
from webapp.accounts.models import Account
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
