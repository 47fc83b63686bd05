"""A large file waits while somebody sits an exam; a small one, which is written in a moment, does not."""

import datetime as dt
import io

from sqlalchemy import select

from tests.assessments.conftest import cohort, trainees  # noqa: F401
from webapp import clock
from webapp.assessments.exams.models import Attempt, Candidate, Exam
from webapp.assessments.exams.waiting import exam_until
from webapp.imports import work
from webapp.imports.models import ImportRun
from webapp.jobs.models import Job


def sitting(session, enrollment):
    now = clock.now()
    exam = Exam(
        code="E1", name_th="สอบ", name_en="", opens_at=now - dt.timedelta(hours=1), closes_at=now + dt.timedelta(hours=2),
        minutes=60, status="ready", created_by="ก", created_at=now,
    )  # fmt: skip
    session.add(exam)
    session.flush()
    candidate = Candidate(exam_id=exam.id, officer_id=enrollment.officer_id, number="1", seed="x")
    session.add(candidate)
    session.flush()
    attempt = Attempt(
        candidate_id=candidate.id, started_at=now, seen_at=now, deadline_at=now + dt.timedelta(minutes=50)
    )
    session.add(attempt)
    session.commit()
    return attempt


def test_a_large_file_waits_for_the_last_attempt(client, sign_in, session, trainees, monkeypatch):  # noqa: F811
    assert exam_until(session, clock.now()) is None
    attempt = sitting(session, trainees[0])
    assert exam_until(session, clock.now()) == attempt.deadline_at
    sign_in(client, role="institute")
    file = (io.BytesIO(b"officer_no,course_code,completed_on,result\nT1,x,2026-01-01,passed\n"), "a.csv")
    address = client.post("/imports/new", data={"kind": "training", "key": "k", "file": file}).location
    monkeypatch.setattr(work, "AT_ONCE_BYTES", 10)
    client.post(f"{address}/apply")
    assert "กำลังมีผู้สอบอยู่" in client.get(address).text
    assert session.scalar(select(Job.id)) is None
    attempt.ended_at, attempt.ending = clock.now(), "submitted"
    session.commit()
    client.post(f"{address}/apply")
    session.expire_all()
    assert session.scalar(select(Job.kind)) == "import-apply"
    assert session.scalar(select(ImportRun.status)) == "checked"
