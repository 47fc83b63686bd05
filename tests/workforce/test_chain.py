"""The chain of seats: what feeds a post, and laws of the arithmetic."""

from hypothesis import given
from hypothesis import strategies as st

from webapp.careers.criteria.tree import Match, tree_from
from webapp.workforce.chain.rules import Because, Feeder, Supply, apportioned, feeders_of, follow

DIRECTOR = tree_from({"id": "dd", "kind": "all", "of": [
    {"id": "dd-assistant-tenure", "kind": "tenure", "match": {"post": "assistant"}, "years": 2},
    {"id": "dd-own", "kind": "tenure", "match": {"post": "director"}, "years": 1},
    {"id": "dd-sections", "kind": "sections", "min": 7}]})  # fmt: skip
PATHS = [
    ("P-1", [{"position_type": "knowledge", "level": "professional"}, {"post": "assistant"}, {"post": "director"}]),
    ("P-2", [{"post": "head"}, {"post": "assistant", "unit_kind": "district"}, {"post": "director"}]),
]


def test_what_feeds_a_post_is_read_off_its_criteria_and_the_step_before_it_on_paths():
    assert feeders_of("director", DIRECTOR, PATHS) == (
        Feeder(Match(post="assistant"), (Because("criterion", "dd-assistant-tenure"), Because("path", "P-1"))),
        Feeder(Match(post="assistant", unit_kind="district"), (Because("path", "P-2"),)),
    )
    assert [feeder.match for feeder in feeders_of("assistant", None, PATHS)] == [
        Match(position_type="knowledge", level="professional"), Match(post="head")]  # fmt: skip


def test_a_directors_seat_filled_empties_an_assistants_and_so_on_down():
    chain = follow(2570, [
        Supply("head", 4, {"level:knowledge/professional": 9}),
        Supply("assistant", 2, {"post:head": 3, "post:elsewhere": 1}),
        Supply("director", 3, {"post:assistant": 5}),
    ])  # fmt: skip
    assert [link.post for link in chain.links] == ["director", "assistant", "head"]
    director, assistant, head = chain.links
    assert (director.open, director.taken, director.gap) == (3, 3, 0)
    assert (assistant.own, dict(assistant.pulled), assistant.open) == (2, {"director": 3}, 5)
    assert (assistant.taken, assistant.gap) == (4, 1)
    assert dict(assistant.filled) == {"post:head": 3, "post:elsewhere": 1}
    assert (head.open, head.taken) == (7, 7)
    assert chain.moves == 14


def test_a_post_without_criteria_ends_the_chain_and_a_loop_is_not_followed():
    chain = follow(2570, [Supply("a", 1, {"post:b": 1}), Supply("b", 0, {"post:a": 1}), Supply("c", 2, None)])
    assert [(link.post, link.open) for link in chain.links] == [("c", 2), ("a", 1), ("b", 1)]
    assert chain.loops == (("b", "a"),)
    assert chain.of("c").ready_total is None


def test_parts_follow_the_largest_remainder_and_ties_the_order_given():
    assert apportioned(5, {"x": 3, "y": 3, "z": 1}) == {"x": 2, "y": 2, "z": 1}
    assert apportioned(1, {"x": 1, "y": 1}) == {"x": 1, "y": 0}
    assert apportioned(0, {}) == {}


COUNTS = st.integers(0, 40)
READY = st.dictionaries(st.sampled_from(["post:a", "post:b", "post:c", "post:d", "level:k/p", "other"]), COUNTS)
SUPPLIES = st.lists(st.builds(Supply, st.sampled_from("abcd"), COUNTS, st.none() | READY), max_size=4,
                    unique_by=lambda one: one.post)  # fmt: skip


@given(COUNTS, st.dictionaries(st.sampled_from("xyzuv"), COUNTS))
def test_parts_add_up_and_nobody_gives_more_than_they_have(total, weights):
    total = min(total, sum(weights.values()))
    parts = apportioned(total, weights)
    assert sum(parts.values()) == total
    assert all(0 <= parts[key] <= weights[key] for key in weights)


@given(SUPPLIES)
def test_nothing_in_a_chain_is_negative_and_its_totals_agree(supplies):
    chain = follow(2570, supplies)
    assert sorted(link.post for link in chain.links) == sorted(one.post for one in supplies)
    emptied = {(above, link.post): count for link in chain.links for above, count in link.pulled.items()}
    for link in chain.links:
        assert link.gap >= 0
        assert link.open == link.taken + link.gap
        assert link.ready_total is None or link.taken == min(link.open, link.ready_total)
        for source, count in link.filled.items():
            below = source.removeprefix("post:")
            assert 0 <= count <= link.ready[source]
            assert emptied.get((link.post, below), 0) in (0, count)
    moved = sum(link.filled.get(f"post:{below}", 0) for link in chain.links for below in "abcd"
                if (link.post, below) in emptied)  # fmt: skip
    assert moved == sum(emptied.values())


@given(st.integers(1, 10))
def test_more_vacancies_above_never_mean_fewer_seats_to_fill_anywhere_in_a_straight_chain(more):
    straight = [Supply("a", 3, {"post:b": 20}), Supply("b", 2, {"post:c": 20}), Supply("c", 1, {"other": 5})]
    before, after = follow(1, straight), follow(1, [Supply("a", 3 + more, {"post:b": 20}), *straight[1:]])
    assert all(after.of(post).open >= before.of(post).open for post in "abc")
