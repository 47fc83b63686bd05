"""The short form of benchmarks/fault_exam_answers: workers killed while a small hall saves; nothing acknowledged is lost."""

from flask import Flask

from benchmarks.exam_hall import fill
from benchmarks.fault_exam_answers import Person, hall_survives
from tests.databases import AUDIT_SECRET, SECRET

PEOPLE, KILLS, QUESTIONS = 12, 2, 6


def test_killed_workers_lose_no_acknowledged_answer_and_double_no_attempt(app: Flask) -> None:
    folder = app.config["DATA_DIR"]
    settings = {"KAONA_DATA_DIR": str(folder), "DATABASE_URL": "", "KAONA_ENV": "development", "SECRET_KEY": SECRET,
                "KAONA_AUDIT_KEY": AUDIT_SECRET}  # fmt: skip
    persons = [Person(*seat, QUESTIONS) for seat in enumerate(fill(app, PEOPLE, QUESTIONS, begun=False))]
    troubles, _outage = hall_survives(folder, settings, persons, KILLS)
    assert troubles == []
    assert sum(len(person.told) for person in persons) >= PEOPLE, "they were told of answers between the kills"
