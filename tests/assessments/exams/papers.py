"""Exams for the tests: approved questions of every type, an exam made ready, and officers with their sign-in."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.assessments.bank.items import ALL
from tests.people import account
from webapp import clock
from webapp.accounts.models import Account
from webapp.assessments.bank.models import Item, ItemCategory, ItemVersion
from webapp.assessments.exams import setting
from webapp.assessments.exams.models import Candidate, Exam
from webapp.audit import Actor
from webapp.officers.models import Officer

PLANNER = Actor("operator", "เจ้าหน้าที่ ก", "operator")
HOUR = dt.timedelta(hours=1)


def sitter(session: Session, number: str) -> tuple[Officer, Account]:
    """An officer with a sign-in of their own."""
    own = account("officer", name=f"ผู้สอบ {number}")
    officer = Officer(
        officer_no=number, title="นาง", given_name="ผู้สอบ", family_name=number, name_en=f"Person {number}",
        sort_key=f"ผู้สอบ {number}", birth_date=dt.date(1980, 1, 1), entry_date=dt.date(2005, 1, 1), account_id=own.id,
    )  # fmt: skip
    session.add(officer)
    session.flush()
    return officer, own


def approved(session: Session, category: ItemCategory, documents: Sequence[dict[str, Any]]) -> list[ItemVersion]:
    """These questions in the bank, approved."""
    now, found = clock.now(), []
    for document in documents:
        item = Item(code=f"C{category.id}-{len(found)}", category_id=category.id, created_by="ก", created_at=now)
        session.add(item)
        session.flush()
        found.append(ItemVersion(
            item_id=item.id, number=1, latest=True, status="approved", type=document["type"], title=document["stem_th"],
            words="", document=document, digest=str(item.id), made_by="ก", made_at=now, changed_at=now, approved_by="ข",
            approved_at=now,
        ))  # fmt: skip
    session.add_all(found)
    session.flush()
    return found


def ready_exam(
    session: Session, officers: Sequence[Officer], *, code: str = "EX-1", kinds: Sequence[Callable[..., Any]] = ALL,
    opens_in: dt.timedelta = -HOUR, **more: Any,
) -> Exam:  # fmt: skip
    """An exam of one question of each kind, in this order, open from an hour ago for three hours, for these officers."""
    category = ItemCategory(name_th=f"หมวด {code}")
    session.add(category)
    session.flush()
    versions = approved(session, category, [kind() for kind in kinds])
    opens = clock.now() + opens_in
    plan = {"name_th": "ความรู้พื้นฐาน", "name_en": "Basic knowledge", "opens_at": opens, "closes_at": opens + 3 * HOUR,
            "minutes": 60, "shuffle": False, **more}  # fmt: skip
    exam = setting.plan_exam(session, PLANNER, setting.Plan(code, **plan))
    setting.set_blueprint(session, PLANNER, exam, [setting.Line(item_id=version.item_id) for version in versions])
    setting.make_ready(session, PLANNER, exam)
    setting.admit(session, PLANNER, exam, {officer.id: None for officer in officers})
    session.commit()
    return exam


def candidate_of(session: Session, exam: Exam, officer: Officer) -> Candidate:
    """The officer's place in the exam."""
    return session.scalars(
        select(Candidate).where(Candidate.exam_id == exam.id, Candidate.officer_id == officer.id)
    ).one()
