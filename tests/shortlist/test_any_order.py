"""A law of freezing: whatever the order of the rows, the same people and plan give the same bytes."""

import random
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from webapp.assessments.ranking.columns import ExactColumn, People
from webapp.assessments.ranking.plan import plan_from
from webapp.records.scores import Given
from webapp.shortlist.freezing import document_of_inputs, frozen, ranking_of, result_of, scores_that_disagree, thawed

PLAN = {
    "decimals": 2,
    "components": [{"code": "exam", "weight": "60", "max": "100", "pass": "50"}, {"code": "talk", "weight": "40", "max": "30"}],
    "gates": {"attendance_percent": "80", "coaching_hours": "2"},
    "tie_breakers": ["exam", "level_tenure", "entry_date"],
}  # fmt: skip
POINTS = st.lists(st.integers(0, 3000), min_size=1, max_size=3)
PERSON = st.fixed_dictionaries({
    "exam": st.none() | POINTS, "talk": st.none() | POINTS, "hours": st.integers(0, 1200), "minutes": st.integers(0, 240),
    "tenure": st.integers(0, 3), "entry": st.integers(730000, 730003), "withdrawn": st.booleans(),
})  # fmt: skip


def inputs_of(people):
    """The frozen inputs of ``people`` in the order given."""
    marks = {
        number: {code: [Given(place, f"กรรมการ {place}", Fraction(points, 100)) for place, points in enumerate(person[code])]
                 for code in ("exam", "talk") if person[code] is not None}
        for number, person in people
    }  # fmt: skip

    def mean(number, code):
        given = marks[number].get(code)
        return None if given is None else sum((m.total for m in given), Fraction()) / len(given)

    columns = People(
        officer_no=[number for number, _ in people],
        scores={code: ExactColumn.of([mean(number, code) for number, _ in people]) for code in ("exam", "talk")},
        attended=ExactColumn.of([Fraction(person["hours"], 100) for _, person in people]),
        hours_held=Fraction(12),
        coaching_minutes=np.array([person["minutes"] for _, person in people], np.int64),
        level_tenure=np.array([person["tenure"] for _, person in people], np.int64),
        entry_date=np.array([person["entry"] for _, person in people], np.int64),
        withdrawn=np.array([person["withdrawn"] for _, person in people], np.bool_),
    )
    return document_of_inputs(
        cohort={"code": "DD"}, plan=plan_from(PLAN, 2), plan_facts={"version": 1, "components": {}}, people=columns,
        persons={number: {"name_th": number} for number, _ in people}, marks=marks,
    )  # fmt: skip


@given(st.lists(PERSON, max_size=12), st.randoms(use_true_random=False))
def test_any_order_of_rows_gives_the_same_bytes(persons, shuffler: random.Random):
    people = [(f"N{place:02}", person) for place, person in enumerate(persons)]
    shuffled = people[:]
    shuffler.shuffle(shuffled)
    one, two = frozen(inputs_of(people)), frozen(inputs_of(shuffled))
    assert one == two
    assert frozen(result_of(thawed(one))) == frozen(result_of(thawed(two)))


@given(st.lists(PERSON, max_size=12))
def test_what_was_frozen_gives_the_same_result_again_and_nobody_vanishes(persons):
    people = [(f"N{place:02}", person) for place, person in enumerate(persons)]
    kept = frozen(inputs_of(people))
    result = result_of(thawed(kept))
    assert frozen(result) == frozen(result_of(thawed(kept), ranking_of(thawed(kept))))
    assert scores_that_disagree(thawed(kept)) == []
    assert {row["officer_no"] for row in [*result["entries"], *result["unranked"]]} == {number for number, _ in people}
    assert sum(entry["shortlisted"] for entry in result["entries"]) >= min(2, len(result["entries"]))
