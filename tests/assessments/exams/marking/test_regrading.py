"""A regrade changes all and only what it should, follows into the ledger, and leaves nothing behind when it is undone."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from webapp.assessments.bank.document import cleaned
from webapp.assessments.exams import results
from webapp.assessments.exams.marking import new_key, regrading
from webapp.assessments.exams.marking.result_queries import all_results, paper_of
from webapp.assessments.exams.models import Regrade
from webapp.assessments.exams.papers import Change, Question, mark_paper
from webapp.assessments.models import ScoreEntry
from webapp.assessments.operations import correct_score
from webapp.assessments.rules import Given
from webapp.errors import Conflict, NotFound, RuleBroken

KEY_B = {"c-0": "0", "c-1": "100", "c-2": "0"}


def totals(session, sat):
    return {row.candidate.number: (row.paper.total, row.paper.maximum) for row in results.results(session, sat.exam)}


def propose(session, sat, code="C1", kind="key", typed=KEY_B, points=None):
    version = sat.versions[code]
    document = new_key.with_key(version.document, typed) if kind == "key" else None
    return regrading.considered(sat.exam, version, kind, document=document, points=points)


def make(session, sat, reason="เฉลยผิด", **more):
    proposal = propose(session, sat, **more)
    looked = regrading.preview(session, sat.exam, proposal)
    return regrading.regrade(session, sat.staff, sat.exam, proposal, reason=reason, seen=looked.digest)


def undo(session, sat, made, reason="เฉลยเดิมถูก"):
    looked = regrading.preview_undo(session, sat.exam, made)
    return regrading.undo_regrade(session, sat.staff, sat.exam, made, reason=reason, seen=looked.digest)


def test_another_key_changes_those_it_should_by_what_it_should(session, marked):
    before = totals(session, marked)
    looked = regrading.preview(session, marked.exam, propose(session, marked))
    by = {row.candidate.number: row.by for row in looked.changed}
    one, two, three = (candidate.number for candidate in marked.candidates)
    assert by == {one: -1, two: 1, three: 1}
    assert totals(session, marked) == before, "looking changes nothing"
    made = make(session, marked)
    after = totals(session, marked)
    assert {number: after[number][0] - before[number][0] for number in before} == by
    undo(session, marked, made)
    assert totals(session, marked) == before
    assert undo(session, marked, made).undone_reason == "เฉลยเดิมถูก", "twice changes nothing"


@pytest.mark.parametrize(
    ("kind", "points", "first"),
    [
        ("points", "3", (Fraction(14), Fraction(15))),
        ("void", None, (Fraction(11), Fraction(12))),
        ("full", None, (Fraction(12), Fraction(13))),
    ],
)
def test_points_void_and_full_marks(session, marked, kind, points, first):
    make(session, marked, code="C1", kind=kind, points=points)
    assert totals(session, marked)[marked.candidates[0].number] == first


def test_who_passes_is_shown_before_and_after_exactly_at_the_mark(session, marked):
    marked.exam.pass_percent = Decimal("92.31")
    session.flush()
    rows = {
        row.candidate.number: row
        for row in regrading.preview(session, marked.exam, propose(session, marked, kind="full")).changed
    }
    assert marked.candidates[0].number not in rows, "had full marks there already"
    marked.exam.pass_percent = Decimal(100) * 12 / 13
    session.flush()
    changed = regrading.preview(session, marked.exam, propose(session, marked, code="C2", kind="full")).changed
    first = next(row for row in changed if row.candidate.number == marked.candidates[0].number)
    assert (first.passed_before, first.passed_after) == (False, True)


def test_a_preview_that_no_longer_holds_is_refused(session, marked):
    proposal = propose(session, marked)
    looked = regrading.preview(session, marked.exam, proposal)
    make(session, marked, code="N1", kind="void", reason="โจทย์ผิด")
    with pytest.raises(Conflict):
        regrading.regrade(session, marked.staff, marked.exam, proposal, reason="เฉลยผิด", seen=looked.digest)
    first = session.scalars(select(Regrade)).one()
    digest = regrading.preview_undo(session, marked.exam, first).digest
    make(session, marked)
    with pytest.raises(Conflict):
        regrading.undo_regrade(session, marked.staff, marked.exam, first, reason="ก", seen=digest)


def test_what_makes_no_sense_is_refused(session, marked):
    with pytest.raises(RuleBroken):
        propose(session, marked, typed={"c-0": "0", "c-1": "0", "c-2": "0"})
    with pytest.raises(RuleBroken):
        propose(session, marked, kind="points", points="0")
    with pytest.raises(RuleBroken):
        propose(session, marked, code="E1", typed={})
    with pytest.raises(NotFound):
        propose(session, marked, kind="other")
    with pytest.raises(RuleBroken):
        make(session, marked, reason=" ")


def test_transferred_scores_follow_and_hand_made_ones_stay(session, marked):
    assert results.transfer(session, marked.staff, marked.exam, key="t") == 3
    assert {row.transferred for row in all_results(session, marked.exam).rows} == {"same"}
    third = marked.candidates[2]
    entry = session.scalar(select(ScoreEntry).where(ScoreEntry.enrollment_id == third.enrollment_id))
    correct_score(session, marked.staff, entry.id, Given(Decimal(12)), reason="มติกรรมการ")
    made = make(session, marked)
    standing = {row.candidate.number: row.entry.score for row in all_results(session, marked.exam).rows}
    one, two, three = (candidate.number for candidate in marked.candidates)
    assert standing == {one: Decimal("84.62"), two: Decimal("61.54"), three: Decimal(12)}
    reasons = set(session.scalars(select(ScoreEntry.reason)))
    assert reasons == {"", "มติกรรมการ", "เฉลยผิด"}
    undo(session, marked, made)
    assert all_results(session, marked.exam).rows[0].entry.score == Decimal("92.31")
    assert results.transfer(session, marked.staff, marked.exam, key="t3", reason="ตามผลสอบ") == 1, (
        "only the one that differs"
    )


def test_a_regrade_stays_in_the_record_by_the_database(session, marked):
    made = make(session, marked)
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(delete(Regrade).where(Regrade.id == made.id))
    undo(session, marked, made)
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(update(Regrade).where(Regrade.id == made.id).values(undone_at=None, undone_reason=""))


def test_one_paper_shows_answer_key_rule_and_who_marked(session, marked):
    make(session, marked)
    found = paper_of(session, marked.exam, marked.candidates[0].number)
    lines = {line.code: line for line in found.lines}
    assert lines["E1"].markers == ["ผู้ตรวจ หนึ่ง", "ผู้ตรวจ สอง"] or lines["E1"].markers == ["ผู้ตรวจ สอง", "ผู้ตรวจ หนึ่ง"]
    assert [row.reason for row in lines["C1"].regrades] == ["เฉลยผิด"]
    assert next(row["id"] for row in lines["C1"].document["choices"] if row["fraction"] == "1") == "b"
    absent = paper_of(session, marked.exam, marked.candidates[2].number)
    assert absent.result.state == "marked"
    with pytest.raises(NotFound):
        paper_of(session, marked.exam, "1")


def test_it_all_holds_on_postgresql(any_database, session, marked):
    before = totals(session, marked)
    made = make(session, marked)
    undo(session, marked, made)
    assert totals(session, marked) == before
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(delete(Regrade).where(Regrade.id == made.id))


# Laws

CHOICES = "abcd"
keys = st.dictionaries(st.sampled_from(CHOICES), st.sampled_from(["1", "1/2", "0", "-1/4"]), min_size=1).filter(
    lambda found: "1" in found.values()
)
changes = st.one_of(
    st.builds(lambda key: Change("key", document(key)), keys),
    st.builds(lambda points: Change("points", points=Fraction(points)), st.integers(1, 9)),
    st.sampled_from([Change("void"), Change("full")]),
)


def document(key):
    return cleaned({"type": "single", "stem_en": "?", "choices": [
        {"id": name, "text_en": name, "fraction": key.get(name, "0")} for name in CHOICES
    ]})  # fmt: skip


papers = st.lists(
    st.dictionaries(st.integers(1, 6), st.sampled_from([*CHOICES, ""]), min_size=1), min_size=1, max_size=8
)


@given(papers, st.integers(1, 6), st.lists(changes, min_size=1, max_size=3), st.randoms(use_true_random=False))
@settings(max_examples=120, deadline=None)
def test_a_regrade_touches_its_question_alone_and_the_order_of_rows_does_not_matter(people, version, made, random):
    right = document({"a": "1"})
    for answers in people:
        paper = [
            Question(place, number, right, Fraction(2), {"choice": given} if given else None)
            for place, (number, given) in enumerate(answers.items(), 1)
        ]
        before, after = mark_paper(paper, {}), mark_paper(paper, {version: made})
        for one, other in zip(before.questions, after.questions, strict=True):
            assert one == other or one.version_id == version
        if version not in answers:
            assert after == before
        random.shuffle(paper)
        again = mark_paper(paper, {version: made})
        assert (again.total, again.maximum) == (after.total, after.maximum)
        assert mark_paper(paper, {}).total == before.total, "undone, everything is as before"
