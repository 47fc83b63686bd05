"""Laws of the search for a timetable: what it finds keeps every rule by an independent check, or it says which it cannot."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.assessments.center.checker import wrong_with
from tests.assessments.center.test_timetable import center
from webapp.assessments.center import readers
from webapp.assessments.center.timetable import Exercise, NoTimetable, Room, Task, arrange, broken


def test_forty_eight_people_five_exercises_sixteen_assessors_eight_rooms_break_no_rule() -> None:
    task = center(48, 16, 8, (8, 8, 8, 8, 8, 8))
    sittings = arrange(task)
    assert wrong_with(task, sittings) == []
    assert {one.exercise for one in sittings} == {e.code for e in task.exercises}
    reads = readers.assign(task.participants, task.assessors, {"in-basket": 2}, task.conflicts, sittings, task.meetings)
    assert len(reads) == 96
    assert all(who not in task.conflicts[reader] for _exercise, who, reader in reads)
    loads = [sum(1 for _e, _w, reader in reads if reader == one) for one in task.assessors]
    assert max(loads) - min(loads) <= 2, "written work is spread evenly"


@st.composite
def tasks(draw) -> Task:  # type: ignore[no-untyped-def]
    """Small centers, most of which can be arranged: rooms and hours are mostly enough, conflicts are common."""
    people = tuple(f"P{n}" for n in range(draw(st.integers(1, 4))))
    panel = tuple(f"A{n}" for n in range(draw(st.integers(3, 5))))
    exercises = tuple(
        Exercise(
            f"E{n}", draw(st.integers(1, 2)), draw(st.integers(1, 3)), draw(st.integers(0, 2)), draw(st.integers(0, 1))
        )
        for n in range(draw(st.integers(1, 3)))
    )
    halls = tuple(Room(f"R{n}", 3 if n == 0 else draw(st.integers(1, 3))) for n in range(draw(st.integers(1, 3))))
    blocks = tuple(draw(st.lists(st.integers(6, 10), min_size=1, max_size=2)))
    pairs = draw(st.sets(st.tuples(st.sampled_from(panel), st.sampled_from(people)), min_size=1, max_size=5))
    conflicts = {a: frozenset(who for b, who in pairs if b == a) for a in panel}
    return Task(people, exercises, panel, halls, blocks, conflicts, draw(st.integers(0, 1)), draw(st.integers(1, 3)))


@settings(max_examples=40, deadline=None)
@given(tasks())
def test_a_timetable_keeps_every_rule_or_the_rule_is_named(task: Task) -> None:
    try:
        sittings = arrange(task, effort=0.5)
    except NoTimetable:
        return
    assert wrong_with(task, sittings) == []
    assert broken(task, sittings) == [], "the product's own check agrees with the independent one"


@settings(max_examples=60, deadline=None)
@given(tasks(), st.data())
def test_both_checks_agree_on_what_is_broken(task: Task, data) -> None:  # type: ignore[no-untyped-def]
    """A timetable made at random is called right by both checks or by neither."""
    from webapp.assessments.center.timetable import Sitting

    total = sum(task.blocks)
    sittings = [
        Sitting(
            data.draw(st.sampled_from([e.code for e in task.exercises])), data.draw(st.integers(0, total)),
            data.draw(st.sampled_from([r.code for r in task.rooms])),
            tuple(data.draw(st.lists(st.sampled_from(task.participants), min_size=1, max_size=3, unique=True))),
            tuple(data.draw(st.lists(st.sampled_from(task.assessors), max_size=2, unique=True))),
        )
        for _n in range(data.draw(st.integers(1, 4)))
    ]  # fmt: skip
    assert (wrong_with(task, sittings) == []) == (broken(task, sittings) == [])
