"""The timetable of an assessment center: every rule kept, in the time promised, or the rule that cannot be kept named."""

from dataclasses import replace

import pytest

from webapp.assessments.center.timetable import Exercise, NoTimetable, Room, Sitting, Task, arrange, broken

EXERCISES = (
    Exercise("in-basket", 2, group=12, assessors=0),
    Exercise("group-discussion", 2, group=6, assessors=3, writing=1),
    Exercise("role-play", 1, assessors=1, writing=1),
    Exercise("case-analysis", 1, assessors=1, writing=1),
    Exercise("presentation", 1, assessors=2),
)


def center(people: int = 12, assessors: int = 8, rooms: int = 4, blocks: tuple[int, ...] = (8, 8)) -> Task:
    """A center of half-hour slots; assessor n is the superior of participants n and n + 16."""
    names = tuple(f"P{n:02}" for n in range(people))
    panel = tuple(f"A{n:02}" for n in range(assessors))
    conflicts = {a: frozenset(names[n::16]) for n, a in enumerate(panel)}
    halls = tuple(Room(f"R{n}", 12 if n < 2 else 1) for n in range(rooms))
    return Task(names, EXERCISES, panel, halls, blocks, conflicts, meetings=2)


def test_a_center_of_forty_eight_is_arranged_with_every_rule_kept() -> None:
    task = center(48, 16, 8, (8, 8, 8, 8, 8, 8))
    sittings = arrange(task)
    assert broken(task, sittings) == []
    assert sum(len(one.participants) for one in sittings) == 48 * 5
    assert arrange(task) == sittings, "the same input gives the same timetable"


def test_the_rule_that_cannot_be_kept_is_named() -> None:
    for task, rule in (
        (replace(center(), blocks=(4,)), "participants-time"),
        (replace(center(), rooms=(Room("R", 1),)), "no-room-holds"),
        (replace(center(), assessors=("A00", "A01")), "assessors"),
        (replace(center(48), rooms=(Room("R", 12),)), "rooms-time"),
        (replace(center(), conflicts={f"A{n:02}": frozenset({"P03"}) for n in range(8)}), "conflicts-leave-too-few"),
        (replace(center(), meetings=0), "meetings"),
    ):
        with pytest.raises(NoTimetable) as refused:
            arrange(task)
        assert refused.value.rule == rule


def test_a_change_by_hand_that_breaks_a_rule_is_named() -> None:
    task = center()
    sittings = arrange(task)
    assert broken(task, sittings) == []
    n, one = next((n, one) for n, one in enumerate(sittings) if one.exercise == "role-play")

    def with_it(changed: Sitting) -> set[str]:
        return {problem.rule for problem in broken(task, [*sittings[:n], changed, *sittings[n + 1 :]])}

    superior = f"A{int(one.participants[0][1:]) % 16:02}"
    other = "P00" if one.participants != ("P00",) else "P01"
    if superior in task.assessors:
        assert "conflicts" in with_it(replace(one, assessors=(superior,)))
    assert "every-exercise-once" in with_it(replace(one, participants=(other,)))
    assert "assessors" in with_it(replace(one, assessors=()))
    assert "outside-the-blocks" in with_it(replace(one, start=99))
    busy = next(s for s in sittings if s is not one and s.start <= one.start < s.start + 1)
    assert with_it(replace(one, start=busy.start, room=busy.room)) & {"room-in-two-places", "no-room-holds"}
