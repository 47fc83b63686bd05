"""Two officers, one exam of all kinds of questions, and their browsers."""

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.assessments.exams.papers import ready_exam, sitter
from tests.people import enter_as
from webapp.accounts.models import Account
from webapp.assessments.exams.models import Exam
from webapp.officers.models import Officer


@dataclass
class Hall:
    """The exam and who is in it: ``client`` is signed in as the first, ``other`` as the second."""

    exam: Exam
    officer: Officer
    account: Account
    second: Officer
    client: FlaskClient
    other: FlaskClient

    @property
    def url(self) -> str:
        return f"/my/exams/{self.exam.code}"

    def begin(self, client: FlaskClient | None = None) -> None:
        """Start by the page."""
        answer = (client or self.client).submit(self.url, {"agreed": "yes"}, action=f"{self.url}/start")  # type: ignore[attr-defined]
        assert answer.status_code == 303, answer.text


@pytest.fixture
def hall(app: Flask, session: Session) -> Hall:
    first, own = sitter(session, "C-1")
    second, others = sitter(session, "C-2")
    exam = ready_exam(session, [first, second])
    client, other = app.test_client(), app.test_client()
    enter_as(client, own)
    enter_as(other, others)
    return Hall(exam, first, own, second, client, other)
