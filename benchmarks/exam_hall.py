"""A hall full of people who sit an exam: they are made in a fresh database, signed in, and answer by plain HTTP.

``python -m benchmarks.exam_hall PEOPLE QUESTIONS BEGUN`` fills the database of the environment and prints their seats.
"""

import datetime as dt
import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

CODE = "HALL"
KAONA = Path(sys.executable).with_name("kaona")


@dataclass(frozen=True)
class Seat:
    """Somebody's place: the cookie of their sign-in, the tokens of forms and of their exam's pages, their candidate's row."""

    cookie: str
    form_token: str
    token: str
    candidate_id: int

    @property
    def headers(self) -> dict[str, str]:
        return {"Cookie": f"kaona={self.cookie}", "Accept": "application/json",
                "Content-Type": "application/x-www-form-urlencoded"}  # fmt: skip


def settings_of(folder: Path) -> dict[str, str]:
    """The settings under which the hall's data lie in ``folder``."""
    return {"KAONA_DATA_DIR": str(folder), "DATABASE_URL": "", "KAONA_ENV": "development"}


def furnish(folder: Path, people: int, questions: int, *, begun: bool) -> list[Seat]:
    """A fresh database in ``folder`` with so many people, each with a paper of so many questions."""
    environment = {**os.environ, **settings_of(folder)}
    subprocess.run([KAONA, "init"], check=True, capture_output=True, env=environment)
    command = [
        sys.executable,
        "-m",
        "benchmarks.exam_hall",
        str(people),
        str(questions),
        "begun" if begun else "not-begun",
    ]
    made = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, env=environment, cwd=Path(__file__).parent.parent
    )
    return [Seat(**seat) for seat in json.loads(made.stdout)]


# In a process that has the product in it


def fill(app: Any, people: int, questions: int, *, begun: bool) -> list[Seat]:
    """The same in the database of ``app``."""
    from webapp.database import db

    with app.app_context():
        accounts = [_person(db.session, number) for number in range(people)]
        candidates = _exam(db.session, [officer for _account, officer in accounts], questions)
        seats = [
            _seat(app, db.session, account, candidates[officer.id], begun=begun)
            for (account, officer) in accounts
        ]  # fmt: skip
        db.session.commit()
    return seats


def _person(session: Any, number: int) -> Any:
    from sqlalchemy import select

    from webapp import clock
    from webapp.accounts.models import Account, Role
    from webapp.officers.models import Officer

    role = session.scalar(select(Role).where(Role.name == "officer")) or Role(name="officer")
    account = Account(
        email=f"hall{number}@kaona.example", name=f"ผู้สอบ {number}", active=True, fs_uniquifier=f"hall-{number}",
        created_at=clock.now(), roles=[role],
    )  # fmt: skip
    session.add(account)
    session.flush()
    officer = Officer(
        officer_no=f"H-{number}", title="นาย", given_name="ผู้สอบ", family_name=str(number), name_en=f"Person {number}",
        sort_key=f"ผู้สอบ {number:05}", birth_date=dt.date(1980, 1, 1), entry_date=dt.date(2005, 1, 1), account_id=account.id,
    )  # fmt: skip
    session.add(officer)
    session.flush()
    return account, officer


def _exam(session: Any, officers: list[Any], questions: int) -> Any:
    from sqlalchemy import select

    from webapp import clock
    from webapp.assessments.bank.document import cleaned
    from webapp.assessments.bank.models import Item, ItemCategory, ItemVersion
    from webapp.assessments.exams import setting
    from webapp.assessments.exams.models import Candidate
    from webapp.audit import Actor

    now, planner = clock.now(), Actor("operator", "benchmark", "operator")
    category = ItemCategory(name_th="ห้องสอบ")
    session.add(category)
    session.flush()
    for number in range(questions):
        text = {"type": "text", "stem_th": f"ข้อ {number}", "answers": [{"text": "ก"}]}
        document = cleaned(text if number % 2 else {"type": "essay", "stem_th": f"ข้อ {number}"})
        item = Item(code=f"H{number}", category_id=category.id, created_by="ก", created_at=now)
        session.add(item)
        session.flush()
        session.add(ItemVersion(
            item_id=item.id, number=1, latest=True, status="approved", type=document["type"], title=f"ข้อ {number}", words="",
            document=document, digest=str(number), made_by="ก", made_at=now, changed_at=now, approved_by="ข", approved_at=now,
        ))  # fmt: skip
    session.flush()
    hour = dt.timedelta(hours=1)
    plan = setting.Plan(CODE, "ห้องสอบ", "Exam hall", now - hour, now + 10 * hour, 600)
    exam = setting.plan_exam(session, planner, plan)
    setting.set_blueprint(session, planner, exam, [setting.Line(category_id=category.id, draw=questions)])
    setting.make_ready(session, planner, exam)
    setting.admit(session, planner, exam, {officer.id: None for officer in officers})
    return {row.officer_id: row for row in session.scalars(select(Candidate))}


def _seat(app: Any, session: Any, account: Any, candidate: Any, *, begun: bool) -> Seat:
    from itsdangerous import URLSafeTimedSerializer

    from webapp.accounts import sign_ins
    from webapp.accounts.security import SECRET
    from webapp.assessments.exams import taking
    from webapp.assessments.exams.candidate.turns import token_of
    from webapp.audit import SYSTEM

    if begun:
        taking.start(session, SYSTEM, candidate)
    signed = {SECRET: sign_ins.begin(session, account.id, agent="benchmark"), "csrf_token": "hall"}
    cookie = app.session_interface.get_signing_serializer(app).dumps(signed)
    form_token = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps("hall")
    return Seat(cookie, form_token, token_of(CODE, account.id), candidate.id)


if __name__ == "__main__":
    from config import Config
    from webapp.app import create_app

    made_here = fill(
        create_app(Config.from_environment()), int(sys.argv[1]), int(sys.argv[2]), begun=sys.argv[3] == "begun"
    )
    print(json.dumps([asdict(seat) for seat in made_here]))
