"""What is wrong with a plan, each thing named where it stands."""

from copy import deepcopy
from fractions import Fraction as F

import pytest

from webapp.assessments.ranking.plan import Component, Gates, PlanHasProblems, document_of, plan_from, problems

GOOD = {
    "decimals": 2,
    "components": [
        {"code": "exam", "weight": 50, "max": 100, "pass": 60, "source": "exam"},
        {"code": "proposal", "weight": 33.3, "max": 100, "pass": "60.5"},
        {"code": "project", "weight": "16.7", "max": 40},
    ],
    "gates": {"attendance_percent": 80, "coaching_hours": {"value": 12, "reason": "…"}, "project_accepted": True},
    "tie_breakers": ["exam", {"key": "proposal", "reason": "…"}, "level_tenure", "entry_date"],
}


def changed(change):
    document = deepcopy(GOOD)
    change(document)
    return [(p.path, p.code) for p in problems(document)]


def test_a_plan_reads_exactly_as_written_and_survives_being_kept():
    plan = plan_from(GOOD, size=7)
    assert plan.components[1] == Component("proposal", F("33.3"), F(100), F("60.5"))
    assert plan.gates == Gates(F(80), F(12), True)
    assert plan.tie_breakers == ("exam", "proposal", "level_tenure", "entry_date")
    assert plan.size == 7
    assert plan_from(document_of(plan), size=7) == plan


def test_a_gate_that_is_not_named_or_is_switched_off_does_not_apply():
    document = {"components": [{"code": "a", "weight": 100, "max": 1}], "gates": {"project_accepted": False}}
    assert plan_from(document).gates == Gates()
    assert plan_from({**document, "gates": None}).gates == Gates()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda d: d["components"][0].update(weight=49.99), [("components", "weights-not-100")]),
        (lambda d: d["components"][0].update(weight="50.0000000001"), [("components", "weights-not-100")]),
        (lambda d: d["components"][0].update(weight=-1), [("components[0].weight", "out-of-range"), ("components", "weights-not-100")]),
        (lambda d: d["components"][0].update(weight="half"), [("components[0].weight", "not-a-number")]),
        (lambda d: d["components"][0].pop("weight"), [("components[0].weight", "missing")]),
        (lambda d: d["components"][2].update(code="exam"), [("components", "code-twice")]),
        (lambda d: d["components"][2].update(code=" "), [("components[2].code", "missing")]),
        (lambda d: d["components"][2].update(code="entry_date"), [("components[2].code", "reserved")]),
        (lambda d: d["components"][0].update({"pass": 100.01}), [("components[0].pass", "out-of-range")]),
        (lambda d: d["components"][0].update({"pass": -0.01}), [("components[0].pass", "out-of-range")]),
        (lambda d: d["components"][0].update({"pass": 0}), []),
        (lambda d: d["components"][0].update({"pass": 100}), []),
        (lambda d: d["components"][0].update(max=0), [("components[0].max", "out-of-range")]),
        (lambda d: d["components"].clear(), [("components", "missing"), *[(f"tie_breakers[{n}]", "unknown-tie-breaker") for n in (0, 1)]]),
        (lambda d: d.update(tie_breakers=["essay"]), [("tie_breakers[0]", "unknown-tie-breaker")]),
        (lambda d: d.update(tie_breakers=["exam", "exam"]), [("tie_breakers[1]", "tie-breaker-twice")]),
        (lambda d: d["gates"].update(attendance_percent=101), [("gates.attendance_percent", "out-of-range")]),
        (lambda d: d["gates"].update(coaching_hours=-1), [("gates.coaching_hours", "out-of-range")]),
        (lambda d: d["gates"].update(project_accepted="maybe"), [("gates.project_accepted", "not-yes-or-no")]),
        (lambda d: d["gates"].update(sports=1), [("gates.sports", "unknown-gate")]),
        (lambda d: d.update(decimals=7), [("decimals", "out-of-range")]),
        (lambda d: d.update(decimals="2"), [("decimals", "out-of-range")]),
    ],
)  # fmt: skip
def test_each_thing_wrong_is_named_where_it_stands(change, expected):
    assert changed(change) == expected


def test_a_plan_with_problems_is_refused_with_all_of_them():
    document = deepcopy(GOOD)
    document["components"][0].update(weight=1, max=0)
    with pytest.raises(PlanHasProblems) as refusal:
        plan_from(document, size=0)
    assert [p.code for p in refusal.value.problems] == ["out-of-range", "out-of-range", "weights-not-100"]
    assert dict(refusal.value.problems[-1].parameters) == {"found": "51", "required": "100"}
