"""Trees edited as documents, what two versions differ in, and what a draft lacks: pure rules."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.careers.criteria.tree import Known, problems
from webapp.careers.profiles import rules, trees
from webapp.careers.profiles.differences import differences, of_trees
from webapp.careers.shipped import read
from webapp.errors import NotFound, RuleBroken

DIRECTOR = next(row["document"] for row in read.profiles() if row["post"] == "district-director")
ASSISTANT = next(row["document"] for row in read.profiles() if row["post"] == "assistant-district-director")
TREE = ASSISTANT["criteria"]
IDS = sorted(trees.ids(TREE))
GROUPS = [row.node["id"] for row in trees.groups(TREE)]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["up", "down", "into", "remove", "add"]), st.sampled_from(IDS), st.sampled_from(GROUPS)
        ),
        max_size=8,
    )
)
def test_however_a_tree_is_edited_it_stays_a_tree_and_the_one_before_stays_as_it_was(
    steps: list[tuple[str, str, str]],
) -> None:
    tree = TREE
    for n, (step, node_id, group) in enumerate(steps):
        before, frozen = tree, copy.deepcopy(tree)
        try:
            if step in ("up", "down"):
                tree = trees.moved(tree, node_id, down=step == "down")
                assert trees.ids(tree) == trees.ids(before)
            elif step == "into":
                tree = trees.put_into(tree, node_id, group)
                assert trees.row_of(tree, node_id).parent == group
                assert trees.ids(tree) == trees.ids(before)
            elif step == "remove":
                tree = trees.removed(tree, node_id)
                assert node_id not in trees.ids(tree)
            else:
                tree = trees.added(tree, group, {"id": f"new-{n}", "kind": "works", "works": 1})
        except (RuleBroken, NotFound):
            tree = before
        assert before == frozen
        codes = {problem.code for problem in problems(tree)}
        assert codes <= {"empty-group"}


def test_a_group_is_not_moved_into_itself_nor_below_itself() -> None:
    nested = trees.added(TREE, "add-experience", {"id": "inner", "kind": "any", "of": []})
    for group in ("add-experience", "inner"):
        with pytest.raises(RuleBroken, match="วนเป็นวง"):
            trees.put_into(nested, "add-experience", group)


def test_ids_are_made_from_the_name_and_never_twice() -> None:
    taken: set[str] = set()
    for expected in ("dd-years-assistant", "dd-years-assistant-2", "dd-years-assistant-3"):
        made = trees.id_from("Has years as the Assistant", "tenure", "dd", taken)
        assert made == expected
        taken.add(made)
    assert trees.id_from("", "at_least", "dd", set()) == "dd-at-least"
    assert rules.prefix_of("bma-inspector") == "bi" and rules.prefix_of("ผู้ตรวจ") == "post"


def test_the_shipped_profiles_lack_nothing_but_the_reason_of_a_version() -> None:
    for row in read.profiles():
        assert rules.lacks(row["document"], "ฉบับแรก", Known()) == []
        assert [lack.part for lack in rules.lacks(row["document"], " ", Known())] == ["version"]


@pytest.mark.parametrize(
    ("change", "part", "what", "key"),
    [
        (lambda d: d["criteria"]["of"][2].pop("reason_th"), "criteria", "reason", "dd-sections"),
        (lambda d: d["criteria"]["of"][2].update(source=" "), "criteria", "source", "dd-sections"),
        (lambda d: d["criteria"]["of"][2].update(name_th=""), "criteria", "name", "dd-sections"),
        (lambda d: d["criteria"]["of"].clear(), "criteria", "problem", "dd"),
        (lambda d: d["criteria"]["of"][4].update(groups=["nowhere"]), "criteria", "problem", "dd-competency"),
        (lambda d: d["course_entry"]["of"][0].pop("reason_th"), "entry", "reason", "dd-entry-assistant"),
        (lambda d: d["competencies"][0].pop("method_th"), "competencies", "method", "integrity"),
        (lambda d: d["competencies"][0].update(assessor_th=""), "competencies", "assessor", "integrity"),
        (lambda d: d["competencies"].clear(), "competencies", "empty", ""),
        (lambda d: d["duties"].clear(), "duties", "empty", ""),
        (lambda d: d["development"].clear(), "development", "empty", ""),
    ],
)  # fmt: skip
def test_what_a_draft_lacks_is_named_with_its_place(change: Any, part: str, what: str, key: str) -> None:
    document = copy.deepcopy(DIRECTOR)
    change(document)
    found = rules.lacks(document, "เหตุผล", Known())
    assert (part, what, key) in [(lack.part, lack.what, lack.key) for lack in found]
    assert len(found) == 1 or part == "competencies"


def test_two_versions_differ_by_part_and_by_number() -> None:
    after = copy.deepcopy(DIRECTOR)
    assert differences(DIRECTOR, after) == {}
    after["criteria"]["of"][2]["min"] = 6
    after["criteria"]["of"].pop(0)
    after["competencies"][0]["expected_level"] = 5
    after["duties"][0]["name_th"] += " เพิ่มเติม"
    after["duties"].append({"name_th": "ข้อใหม่ทั้งหมด"})
    after["course"] = None
    found = differences(DIRECTOR, after)
    assert [(row.kind, row.key) for row in found["criteria"]] == [
        ("removed", "dd-standard"),
        ("changed", "dd-sections"),
    ]
    assert [(field.name, field.before, field.after) for field in found["criteria"][1].fields] == [("min", 7, 6)]
    assert found["competencies"][0].fields[0].after == 5
    assert [row.kind for row in found["duties"]] == ["changed", "added"]
    assert list(found) == ["criteria", "competencies", "duties", "course"]


def test_a_criterion_that_only_changed_its_group_has_moved() -> None:
    after = trees.put_into(TREE, "add-course", "add-experience")
    assert [(row.kind, row.key) for row in of_trees(TREE, after)] == [("moved", "add-course")]


def test_nobody_publishes_what_they_wrote() -> None:
    editors = [{"account": 7, "name": "ก"}, {"account": 8, "name": "ข"}]
    for account in (7, 8, None):
        with pytest.raises(RuleBroken):
            rules.check_second_person(editors, account, "")
    rules.check_second_person(editors, 9, "")
