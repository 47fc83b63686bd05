"""A rule tree's document: read, written back, changed for a what-if, and refused with what is wrong with it."""

from copy import deepcopy
from fractions import Fraction as F

import pytest
from hypothesis import given

from tests.careers.criteria.made import trees
from webapp.careers.criteria.tree import (
    Known,
    TreeHasProblems,
    document_of,
    problems,
    tree_from,
    unexplained,
    with_parameter,
)
from webapp.careers.shipped import read

TREE = {
    "id": "dd", "kind": "all", "name_th": "เกณฑ์", "of": [
        {"id": "tenure", "kind": "tenure", "match": {"post": "assistant"}, "years": 2, "reason_th": "เพราะ", "source": "6.4"},
        {"id": "ways", "kind": "at_least", "k": 1, "reason_th": "เพราะ", "source": "6.4", "of": [
            {"id": "sections", "kind": "sections", "min": 7},
            {"id": "districts", "kind": "districts", "match": {"position_type": "general", "level": "senior"}, "min": 3}]},
        {"id": "course", "kind": "course", "code": "dd-course", "ours": True, "reason_th": "เพราะ"},
    ],
}  # fmt: skip
KNOWN = Known(
    posts=frozenset({"assistant"}), grades=frozenset({("general", "senior"), ("managerial", "primary")}),
    unit_kinds=frozenset({"district", "bureau"}), qualifications=frozenset({"q"}), courses=frozenset({"dd-course"}),
    groups=frozenset({"core"}),
)  # fmt: skip


def wrong(change):
    document = deepcopy(TREE)
    change(document)
    return [(p.path, p.code) for p in problems(document, KNOWN)]


@given(trees)
def test_a_tree_survives_being_written(document):
    tree = tree_from(document)
    assert tree_from(document_of(tree)) == tree


def test_the_document_keeps_its_words():
    assert document_of(tree_from(TREE, KNOWN)) == TREE


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda d: d.update(of=[]), [("of", "empty-group")]),
        (lambda d: d["of"][1].update(of=[]), [("of[1].of", "empty-group")]),
        (lambda d: d["of"].append(d), [("of[3]", "cycle")]),
        (lambda d: d["of"][1]["of"].append(d["of"][1]), [("of[1].k", "out-of-range"), ("of[1].of[2]", "cycle")][1:]),
        (lambda d: d["of"].append(d["of"][0]), [("of[3].id", "id-twice")]),
        (lambda d: d.update(kind="none"), [("kind", "unknown-kind")]),
        (lambda d: d.update(id="Nein!"), [("id", "bad-id")]),
        (lambda d: d["of"].append("x"), [("of[3]", "not-a-criterion")]),
        (lambda d: d["of"][1].update(k=0), [("of[1].k", "out-of-range")]),
        (lambda d: d["of"][1].update(k=3), [("of[1].k", "out-of-range")]),
        (lambda d: d["of"][0].update(years=-1), [("of[0].years", "out-of-range")]),
        (lambda d: d["of"][0].update(years="two"), [("of[0].years", "not-a-number")]),
        (lambda d: d["of"][0].pop("years"), [("of[0].years", "missing")]),
        (lambda d: d["of"][1]["of"][0].update(min=1.5), [("of[1].of[0].min", "not-a-number")]),
        (lambda d: d["of"][0].update(match={}), [("of[0].match", "matches-anything")]),
        (lambda d: d["of"][0].update(match={"unit_kind": "bureau"}), [("of[0].match", "matches-anything")]),
        (lambda d: d["of"][0].update(match={"post": "king"}), [("of[0].match.post", "unknown-code")]),
        (lambda d: d["of"][0].update(match={"post": "assistant", "color": "red"}), [("of[0].match.color", "unknown-field")]),
        (lambda d: d["of"][0].update(match={"position_type": "noble"}), [("of[0].match.position_type", "unknown-code")]),
        (lambda d: d["of"][0].update(match={"position_type": "general", "level": "primary"}), [("of[0].match.level", "level-not-of-type")]),
        (lambda d: d["of"][0].update(match={"post": "assistant", "level": "primary"}), [("of[0].match.level", "level-without-type")]),
        (lambda d: d["of"][2].update(code="dance"), [("of[2].code", "unknown-code")]),
        (lambda d: d["of"][2].pop("code"), [("of[2].code", "missing")]),
        (lambda d: d["of"].append({"id": "c", "kind": "competency", "groups": []}), [("of[3].groups", "empty-list")]),
        (lambda d: d["of"].append({"id": "c", "kind": "competency", "groups": ["x"]}), [("of[3].groups[0]", "unknown-code")]),
    ],
)  # fmt: skip
def test_each_thing_wrong_is_named_where_it_stands(change, expected):
    assert wrong(change) == expected


def test_a_tree_too_deep_is_refused():
    document = {"id": "n", "kind": "works", "works": 1}
    for n in range(30):
        document = {"id": f"n{n}", "kind": "all", "of": [document]}
    with pytest.raises(TreeHasProblems, match="too-deep"):
        tree_from(document)


def test_a_what_if_changes_one_number_and_nothing_else():
    tree = tree_from(TREE)
    changed = with_parameter(tree, "tenure", "years", "2.5")
    assert changed.find("tenure").amount == F(5, 2)
    assert changed.find("tenure").required == 900
    assert with_parameter(changed, "tenure", "years", 2) == tree
    assert with_parameter(tree, "sections", "min", "5").find("sections").required == 5
    assert with_parameter(tree, "ways", "k", 2).find("ways").needed == 2


@pytest.mark.parametrize(
    ("node", "name", "value", "code"),
    [
        ("king", "years", 1, "unknown-criterion"), ("tenure", "min", 1, "unknown-parameter"), ("course", "min", 1, "unknown-parameter"),
        ("tenure", "years", "x", "not-a-number"), ("tenure", "years", 61, "out-of-range"), ("sections", "min", "1.5", "not-a-number"),
        ("ways", "k", 3, "out-of-range"),
    ],
)  # fmt: skip
def test_a_what_if_that_makes_no_sense_is_refused(node, name, value, code):
    with pytest.raises(TreeHasProblems, match=code):
        with_parameter(tree_from(TREE), node, name, value)


def test_what_lacks_a_reason_or_a_source_is_listed_and_a_child_leans_on_its_group():
    assert unexplained(tree_from(TREE)) == []
    document = deepcopy(TREE)
    document["of"][0].pop("reason_th")
    document["of"][1].pop("source")
    document["of"][2].update(reason_th="  ", ours=False)
    assert unexplained(tree_from(document)) == [
        ("tenure", "reason"), ("ways", "source"), ("sections", "source"), ("districts", "source"), ("course", "reason"), ("course", "source"),
    ]  # fmt: skip


IDS = {
    "district-director": ["dd-standard", "dd-assistant-tenure", "dd-sections", "dd-course", "dd-competency"],
    "assistant-district-director": ["add-standard", "add-experience", "add-course", "add-competency"],
    "section-head": ["sh-standard", "sh-course", "sh-competency"],
}


def test_the_shipped_criteria_are_trees_with_the_published_ids_and_nothing_left_unexplained():
    documents = {row["post"]: row["document"] for row in read.profiles()}
    assert set(documents) == set(IDS)
    for post, document in documents.items():
        tree = tree_from(document["criteria"])
        assert [node.id for node in tree.of] == IDS[post]
        assert unexplained(tree) == []
        if document["course_entry"]:
            assert unexplained(tree_from(document["course_entry"])) == []
    experience = tree_from(documents["assistant-district-director"]["criteria"]).find("add-experience")
    assert [(n.id, n.parameter) for n in experience.of] == [
        ("add-managerial-primary", "years"), ("add-section-head-districts", "min"), ("add-section-head-bureau", "works"),
        ("add-general-districts", "min"), ("add-general-bureau", "works"),
    ]  # fmt: skip
