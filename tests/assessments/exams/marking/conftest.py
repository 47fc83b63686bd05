"""An exam that three people have sat: two choice questions, a numeric one and an essay, closed and waiting for its markers."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from tests.people import account
from webapp import clock
from webapp.accounts.queries import actor_for
from webapp.assessments.bank.document import cleaned, problems
from webapp.assessments.bank.models import Item, ItemCategory, ItemVersion
from webapp.assessments.exams import results, saving, setting, taking
from webapp.assessments.exams.marking import conflicts, essay_operations, essay_queries
from webapp.assessments.exams.models import AttemptQuestion, Candidate

NINE = dt.datetime(2026, 11, 2, 2, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)

CHOICE = {"type": "single", "stem_th": "ข้อใดถูก", "choices": [
    {"id": name, "text_th": f"ตัวเลือก {name}", "fraction": "1" if name == "a" else "0"} for name in "abc"
]}  # fmt: skip
NUMBER = {"type": "numeric", "stem_th": "กี่เขต", "answers": [{"value": "50", "fraction": "1"}]}
ESSAY = {
    "type": "essay", "stem_th": "อธิบายแผนรับมือน้ำท่วม", "points": "10", "model_th": "แนวคำตอบลับ", "rubric": [
        {"id": "think", "name_th": "การวิเคราะห์", "points": "6", "levels": [{"points": "6", "text_th": "ครบถ้วน"}]},
        {"id": "write", "name_th": "การสื่อสาร", "points": "4", "levels": []},
    ],
}  # fmt: skip


def approved(session, category, code, raw):
    document = cleaned(raw)
    assert problems(document) == []
    item = Item(code=code, category_id=category.id, created_by="ก", created_at=NINE)
    session.add(item)
    session.flush()
    version = ItemVersion(
        item_id=item.id, number=1, latest=True, status="approved", type=document["type"], title=f"ข้อ {code}", words="",
        document=document, digest=code, made_by="ก", made_at=NINE, changed_at=NINE, approved_by="ข", approved_at=NINE,
    )  # fmt: skip
    session.add(version)
    session.flush()
    return version


@pytest.fixture
def sat(session, cohort, trainees, staff, monkeypatch):
    """The exam closed; ``versions`` by code, ``candidates`` in the order of enrollment, ``markers`` two and a third."""
    monkeypatch.setattr(clock, "now", lambda: NINE)
    one, second = actor_for(staff), actor_for(account("institute", name="เจ้าหน้าที่ สอง"))
    category = ItemCategory(name_th="กฎหมาย")
    session.add(category)
    session.flush()
    versions = {
        code: approved(session, category, code, raw)
        for code, raw in (("C1", CHOICE), ("C2", CHOICE), ("N1", NUMBER), ("E1", ESSAY))
    }
    plan = setting.Plan(
        "EX", "การสอบทดสอบ", "Test exam", NINE, NINE + 2 * HOUR, 60, cohort.id, "ranking", "exam",
        pass_percent=Decimal(60), pass_reason="มติ", shows="answers",
    )  # fmt: skip
    exam = setting.plan_exam(session, one, plan)
    setting.set_blueprint(session, one, exam, [setting.Line(item_id=version.item_id) for version in versions.values()])
    setting.make_ready(session, second, exam)
    setting.admit_cohort(session, one, exam)
    people = [account("assessor", name=f"ผู้ตรวจ {name}") for name in ("หนึ่ง", "สอง", "สาม")]
    for number, person in enumerate(people):
        setting.name_marker(session, one, exam, person.id, person.name, decides=number == 2)
    candidates = list(session.scalars(select(Candidate).order_by(Candidate.enrollment_id)))
    given = {
        0: {"C1": {"choice": "a"}, "C2": {"choice": "b"}, "N1": {"value": "50"}, "E1": {"text": "แผนของคนที่หนึ่ง"}},
        1: {"C1": {"choice": "b"}, "C2": {"choice": "a"}, "N1": {"value": "51"}, "E1": {"text": "แผนของคนที่สอง"}},
        2: {"C1": {"choice": "b"}, "C2": {"choice": "b"}},
    }
    for number, candidate in enumerate(candidates):
        attempt = taking.start(session, one, candidate)
        rows = session.scalars(select(AttemptQuestion).where(AttemptQuestion.attempt_id == attempt.id)).all()
        for row in rows:
            code = next(code for code, version in versions.items() if version.id == row.version_id)
            if code in given[number]:
                saving.save(session, attempt, row.position, given[number][code], page="p", turn=row.position)
        taking.submit(session, one, attempt, key=f"k{number}")
    results.close_exam(session, one, exam)
    session.commit()
    return SimpleNamespace(
        exam=exam, versions=versions, candidates=candidates, staff=one, second=second, markers=people, cohort=cohort
    )


def desk(session, sat, number):
    """The desk of a marker who has declared to be close to nobody."""
    person = sat.markers[number]
    found = essay_queries.own_desk(session, "EX", person.id)
    if not found.declared:
        conflicts.declare(session, actor_for(person), found.exam, found.marker, "")
        found = essay_queries.own_desk(session, "EX", person.id)
    return found


def give(session, sat, number, candidate, think, write="4", **more):
    """A marker's mark of a candidate's essay."""
    found = desk(session, sat, number)
    essay = essay_queries.essay_on(found, sat.candidates[candidate].number, sat.versions["E1"].id)
    own = essay.mark_of(sat.markers[number].id)
    if essay.outcome.why == "needs-agreement" and own is not None:
        own = essay.mark_of(sat.markers[number].id, "agreed")
    more.setdefault("seen", own.id if own else None)
    return essay_operations.mark_essay(
        session, actor_for(sat.markers[number]), found, essay, {"think": think, "write": write}, **more
    )


@pytest.fixture
def marked(session, sat):
    """Both essays marked by two: the first alike, the second alike too."""
    for candidate, think in ((0, "6"), (1, "2")):
        for number in (0, 1):
            give(session, sat, number, candidate, think)
    session.commit()
    return sat
