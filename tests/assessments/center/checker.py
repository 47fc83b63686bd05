"""A timetable checked again by other means than the product's: minute by minute, from the task's own words."""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations, pairwise

from webapp.assessments.center.timetable import Sitting, Task


def wrong_with(task: Task, sittings: Sequence[Sitting]) -> list[str]:
    """Everything that breaks a rule, in words; the product's own checks are not used."""
    length = {e.code: e.slots for e in task.exercises}
    writing = {e.code: e.writing for e in task.exercises}
    exercise = {e.code: e for e in task.exercises}
    edges = [sum(task.blocks[:n]) for n in range(len(task.blocks) + 1)]
    wrong = []
    done = Counter((who, one.exercise) for one in sittings for who in one.participants)
    wanted = Counter((who, e.code) for who in task.participants for e in task.exercises)
    if done != wanted:
        wrong.append("not everybody does every exercise once")
    for one in sittings:
        first, last = one.start, one.start + length[one.exercise]
        if not any(low <= first and last <= high for low, high in pairwise(edges)):
            wrong.append(f"{one} leaves its block")
        if len(one.participants) > exercise[one.exercise].group or not one.participants:
            wrong.append(f"{one} has a wrong group")
        if len(one.participants) > next(r.holds for r in task.rooms if r.code == one.room):
            wrong.append(f"{one} is too large for its room")
        if len(set(one.assessors)) != len(one.assessors) or len(one.assessors) != exercise[one.exercise].assessors:
            wrong.append(f"{one} has not its number of assessors")
        if any(who in task.conflicts.get(a, ()) for a in one.assessors for who in one.participants):
            wrong.append(f"{one} has a conflict of interest")
    for one, other in combinations(sittings, 2):
        ends = {s: s.start + length[s.exercise] for s in (one, other)}
        for rest, mine, theirs in (
            ({one: 0, other: 0}, {one.room}, {other.room}),
            ({one: task.rest, other: task.rest}, set(one.participants), set(other.participants)),
            ({s: writing[s.exercise] for s in (one, other)}, set(one.assessors), set(other.assessors)),
        ):
            apart = ends[one] + rest[one] <= other.start or ends[other] + rest[other] <= one.start
            if mine & theirs and not apart:
                wrong.append(f"{mine & theirs} twice at once: {one} and {other}")
    met = Counter((a, who) for one in sittings for a in one.assessors for who in one.participants)
    if met and max(met.values()) > task.meetings:
        wrong.append("somebody meets the same person too often")
    loads = Counter(dict.fromkeys(task.assessors, 0))
    for one in sittings:
        for a in one.assessors:
            loads[a] += length[one.exercise] + writing[one.exercise]
    longest = max((e.slots + e.writing for e in task.exercises if e.assessors), default=0)
    if loads and max(loads.values()) - min(loads.values()) > longest:
        wrong.append("loads are not even")
    return wrong
