"""An exam from its blueprint to the ledger: answers in time count, late ones are kept, regrades follow into the scores."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.assessments.bank.document import cleaned
from webapp.assessments.bank.models import Item, ItemCategory, ItemVersion
from webapp.assessments.exams import results, saving, setting, taking
from webapp.assessments.exams.marking import regrading
from webapp.assessments.exams.models import Answer, Attempt, AttemptQuestion, Candidate, Exam
from webapp.assessments.models import ScoreEntry
from webapp.audit import Actor
from webapp.courses.models import Cohort, Enrollment
from webapp.errors import Conflict, RuleBroken

NINE = dt.datetime(2026, 11, 2, 2, 0, tzinfo=dt.UTC)
ONE = Actor("operator", "เจ้าหน้าที่ ก", "operator")


def approved(session: Session, category: ItemCategory, count: int) -> list[ItemVersion]:
    """So many approved questions with choices a (right), b and c."""
    found = []
    for n in range(count):
        document = cleaned({"type": "single", "stem_th": f"ข้อ {n}", "choices": [
            {"id": name, "text_th": name, "fraction": "1" if name == "a" else "0"} for name in "abc"
        ]})  # fmt: skip
        item = Item(code=f"Q{n}", category_id=category.id, created_by="ก", created_at=NINE)
        session.add(item)
        session.flush()
        found.append(ItemVersion(
            item_id=item.id, number=1, latest=True, status="approved", type="single", title=f"ข้อ {n}", words="",
            document=document, digest=str(n), made_by="ก", made_at=NINE, changed_at=NINE, approved_by="ข", approved_at=NINE,
        ))  # fmt: skip
    session.add_all(found)
    session.flush()
    return found


@pytest.fixture
def house(
    session: Session, cohort: Cohort, trainees: list[Enrollment], monkeypatch: pytest.MonkeyPatch
) -> dict[str, Any]:  # fmt: skip
    """The small cohort and an exam of three questions out of four, made ready."""
    monkeypatch.setattr(clock, "now", lambda: NINE)
    category = ItemCategory(name_th="กฎหมาย")
    session.add(category)
    session.flush()
    approved(session, category, 4)
    plan = setting.Plan("E1", "การสอบ", "Exam", NINE, NINE + dt.timedelta(hours=2), 60, cohort.id, "ranking", "exam")
    exam = setting.plan_exam(session, ONE, plan)
    setting.set_blueprint(session, ONE, exam, [setting.Line(category_id=category.id, draw=3)])
    setting.make_ready(session, ONE, exam)
    assert setting.admit_cohort(session, ONE, exam) == 3
    candidates = session.scalars(select(Candidate).order_by(Candidate.enrollment_id)).all()
    return {"exam": exam, "candidates": candidates}


def test_from_the_first_answer_to_the_ledger(
    house: dict[str, Any], session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    exam: Exam = house["exam"]
    one, other, _third = house["candidates"]
    attempt = taking.start(session, ONE, one)
    assert taking.start(session, ONE, one).id == attempt.id, "one attempt per person"
    first = saving.save(session, attempt, 1, {"choice": "b"}, page="p", turn=1)
    assert not first.late
    assert saving.save(session, attempt, 1, {"choice": "b"}, page="p", turn=1) == first, "sent again: kept once"
    with pytest.raises(Conflict):
        saving.save(session, attempt, 1, {"choice": "c"}, page="p", turn=1)
    saving.save(session, attempt, 1, {"choice": "a"}, page="p", turn=2)
    saving.save(session, attempt, 2, {"choice": "b"}, page="p", turn=1)
    monkeypatch.setattr(clock, "now", lambda: NINE + dt.timedelta(minutes=61))
    late = saving.save(session, attempt, 3, {"choice": "a"}, page="p", turn=1)
    assert late.late
    assert session.scalars(select(Answer.late).order_by(Answer.id)).all() == [False, False, False, True]
    ended = taking.submit(session, ONE, attempt, key="k")
    assert (ended.ending, ended.ended_at) == ("time", NINE + dt.timedelta(minutes=60))
    receipt = ended.receipt
    assert taking.submit(session, ONE, attempt, key="k").receipt == receipt
    results.close_exam(session, ONE, exam)
    (sat,) = results.results(session, exam)
    assert (sat.paper.total, sat.paper.maximum) == (1, 3)
    assert results.transfer(session, ONE, exam, key="t") == 1
    assert results.transfer(session, ONE, exam, key="t2") == 0, "nothing new"
    entry = session.scalar(select(ScoreEntry).where(ScoreEntry.component == "exam"))
    assert entry is not None
    assert entry.score == Decimal("33.33")
    question = session.scalar(
        select(AttemptQuestion).where(AttemptQuestion.attempt_id == attempt.id, AttemptQuestion.position == 2)
    )
    assert question is not None
    version = session.get_one(ItemVersion, question.version_id)
    key = {**version.document, "choices": [{**row, "fraction": "1" if row["id"] == "b" else "0"} for row in version.document["choices"]]}  # fmt: skip
    proposal = regrading.considered(exam, version, "key", document=key)
    seen = regrading.preview(session, exam, proposal).digest
    made = regrading.regrade(session, ONE, exam, proposal, reason="เฉลยผิด", seen=seen)
    assert made.changed == [[one.number, "1", "3", "2", "3"]]
    standing = session.scalars(select(ScoreEntry).where(ScoreEntry.component == "exam").order_by(ScoreEntry.id)).all()
    assert [(e.score, e.reason) for e in standing] == [(Decimal("33.33"), ""), (Decimal("66.67"), "เฉลยผิด")]
    seen = regrading.preview_undo(session, exam, made).digest
    regrading.undo_regrade(session, ONE, exam, made, reason="เฉลยเดิมถูก", seen=seen)
    (again,) = results.results(session, exam)
    assert again.paper == sat.paper
    assert taking.attempt_of(session, other.id) is None


def test_what_is_missing_is_named(house: dict[str, Any], session: Session) -> None:
    exam: Exam = house["exam"]
    with pytest.raises(RuleBroken):
        setting.set_blueprint(session, ONE, exam, [])
    attempt = taking.start(session, ONE, house["candidates"][0])
    with pytest.raises(RuleBroken):
        results.close_exam(session, ONE, exam)
    with pytest.raises(RuleBroken):
        results.transfer(session, ONE, exam, key="t")
    with pytest.raises(RuleBroken):
        taking.end(session, ONE, attempt, "staff")
    longer = setting.give_time(session, ONE, exam, house["candidates"][0], 15, reason="ความบกพร่องทางการมองเห็น")
    assert session.get_one(Attempt, attempt.id).deadline_at == NINE + dt.timedelta(minutes=75)
    assert longer.extra_minutes == 15
