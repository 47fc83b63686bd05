"""Papers drawn from a seed, deadlines, essays by two markers, regrades that change all and only what they should."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.assessments.bank.document import cleaned, problems
from webapp.assessments.exams import rules
from webapp.assessments.exams.papers import (
    Change,
    EssayMarks,
    EssayRule,
    Paper,
    Question,
    component_points,
    essay_outcome,
    mark_paper,
)

NINE = dt.datetime(2026, 11, 2, 2, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def choice(right: str = "a") -> dict[str, Any]:
    document = cleaned({"type": "single", "stem_en": "Which?", "choices": [
        {"id": name, "text_en": name, "fraction": "1" if name == right else "0"} for name in "abc"
    ]})  # fmt: skip
    assert problems(document) == []
    return document


@given(st.integers(0, 10**9), st.integers(1, 6), st.booleans())
def test_a_seed_draws_the_same_paper_and_nothing_twice(seed: int, number: int, shuffle: bool) -> None:
    parts = [rules.Part(1, number, tuple(range(10, 18))), rules.Part(2, 2, (10, 11, 90, 91, 92, 93, 94, 95))]
    paper = rules.draw(parts, str(seed), shuffle=shuffle)
    assert paper == rules.draw(parts, str(seed), shuffle=shuffle)
    versions = [version for _part, version in paper]
    assert len(set(versions)) == len(versions) == number + 2
    with pytest.raises(ValueError):
        rules.draw([rules.Part(1, 3, (1, 2))], "x", shuffle=False)


def test_the_deadline_is_the_length_or_the_end_of_the_window_and_extra_time_adds_to_both() -> None:
    sitting = rules.Sitting(NINE, NINE + 60 * MINUTE, 45)
    assert rules.deadline(sitting, NINE) == NINE + 45 * MINUTE
    assert rules.deadline(sitting, NINE + 30 * MINUTE) == NINE + 60 * MINUTE
    longer = rules.Sitting(NINE, NINE + 60 * MINUTE, 45, extra_minutes=15)
    assert rules.deadline(longer, NINE + 30 * MINUTE) == NINE + 75 * MINUTE
    assert rules.in_time(NINE, NINE)
    assert not rules.in_time(NINE + dt.timedelta(microseconds=1), NINE)
    found = [rules.may_start(sitting, "ready", NINE + n * MINUTE) for n in (-1, 0, 59, 60)]
    assert found == ["too-early", "", "", "too-late"]


@pytest.mark.parametrize(
    ("marks", "rule", "share", "why"),
    [
        ((None, None, None, None), "third", None, "needs-first"),
        (("1/2", None, None, None), "third", None, "needs-second"),
        (("1/2", "7/10", None, None), "third", "3/5", "mean"),
        (("1/2", "71/100", None, None), "third", None, "needs-third"),
        (("1/2", "9/10", "8/10", None), "third", "17/20", "third"),
        (("1/2", "9/10", "7/10", None), "third", "7/10", "third"),
        (("1/2", "9/10", None, None), "mean", "7/10", "mean"),
        (("1/2", "9/10", None, None), "agree", None, "needs-agreement"),
        (("1/2", "9/10", None, "3/4"), "agree", "3/4", "agreed"),
    ],
)
def test_two_marks_of_an_essay_become_one(
    marks: tuple[str | None, ...], rule: str, share: str | None, why: str
) -> None:
    given_marks = EssayMarks(*(None if mark is None else Fraction(mark) for mark in marks))
    found = essay_outcome(given_marks, EssayRule(2, rule, Fraction(20)))
    assert (found.share, found.why) == (None if share is None else Fraction(share), why)


def test_a_regrade_changes_all_and_only_what_it_should() -> None:
    paper = [
        Question(1, 7, choice("a"), Fraction(2), {"choice": "b"}),
        Question(2, 8, choice("a"), Fraction(1), {"choice": "a"}),
    ]
    before = mark_paper(paper, {})
    assert (before.total, before.maximum) == (1, 3)
    for change, total, maximum in (
        (Change("key", choice("b")), 3, 3),
        (Change("points", points=Fraction(5)), 1, 6),
        (Change("void"), 1, 1),
        (Change("full"), 3, 3),
    ):
        after = mark_paper(paper, {7: [change]})
        assert (after.total, after.maximum) == (total, maximum)
        assert after.questions[1] == before.questions[1]
    assert mark_paper(paper, {99: [Change("void")]}) == before
    assert mark_paper(paper, {}) == before, "undone, everything is as before"


@given(st.fractions(0, 100), st.integers(1, 200))
def test_the_component_gets_its_share_rounded_half_up_once(total: Fraction, most: int) -> None:
    found = component_points(Paper((), total, Fraction(100)), Decimal(most))
    assert found is not None
    assert abs(Fraction(found) - total * most / 100) <= Fraction(1, 200)
    assert component_points(Paper((), Fraction(1, 8), Fraction(100)), Decimal(1)) == Decimal("0.00")
    assert component_points(Paper((), Fraction(1, 2), Fraction(100)), Decimal(1)) == Decimal("0.01")
    assert component_points(Paper((), None, Fraction(100)), Decimal(1)) is None
