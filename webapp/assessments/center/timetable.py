"""A timetable for an assessment center: who does which exercise when, where, and before which assessors.

Pure: everything comes as an argument and the answer is a value. Rules kept (International Taskforce on Assessment Center
Guidelines 2015, assessors and schedule; the figures are the center's own):

* every participant does every exercise exactly once, one at a time, with a rest between two;
* a session takes at most its exercise's number of participants and has its number of assessors;
* a room holds one session at a time, and only one that fits into it; an assessor sits in one session at a time and has
  the exercise's writing time after it;
* no assessor sees a participant with whom a conflict of interest is recorded (supervisor, mentor, relative);
* an assessor sees the same participant in at most so many exercises;
* loads are even: no two assessors' minutes lie further apart than the longest session with its writing time.

Found by CP-SAT in two steps: times first, assessors after. Where there is none, :class:`NoTimetable` says which rule
stands in the way.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

Conflicts = Mapping[str, frozenset[str]]
"""Assessor to the participants they must not see."""

TIMES_SEED, ATTEMPTS = 2569, 4
"""The same input gives the same timetable. Assessors are tried on so many sets of times before the search gives up."""


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise. Lengths are in slots of the timetable; ``assessors`` may be 0 (an in-basket marked later)."""

    code: str
    slots: int
    group: int = 1
    assessors: int = 1
    writing: int = 0


@dataclass(frozen=True, slots=True)
class Room:
    """A room and how many participants one session in it may have."""

    code: str
    holds: int = 1


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be arranged. ``blocks`` are stretches of time without a break (half a day), in slots each."""

    participants: tuple[str, ...]
    exercises: tuple[Exercise, ...]
    assessors: tuple[str, ...]
    rooms: tuple[Room, ...]
    blocks: tuple[int, ...]
    conflicts: Conflicts = field(default_factory=dict)
    rest: int = 0
    meetings: int = 2


@dataclass(frozen=True, slots=True)
class Sitting:
    """One session of an exercise: from which slot (counted over all blocks), in which room, who does it, who observes."""

    exercise: str
    start: int
    room: str
    participants: tuple[str, ...]
    assessors: tuple[str, ...]


class NoTimetable(Exception):
    """No timetable keeps every rule; ``rule`` is the code of the one that stands in the way, with what would be right."""

    def __init__(self, rule: str, **figures: int | str) -> None:
        super().__init__(rule)
        self.rule, self.figures = rule, figures


def arrange(task: Task, *, effort: float = 10.0) -> list[Sitting]:
    """A timetable that keeps every rule, in the order of time. Raises :class:`NoTimetable`.

    ``effort`` bounds the search in the solver's own count of work (near to seconds of an idle processor), so that a busy
    machine gives the same answer, only later.
    """
    impossible = next(shortages(task), None)
    if impossible is not None:
        raise impossible
    sittings: list[Sitting] | None = None
    for attempt in range(ATTEMPTS):
        times = _times(task, TIMES_SEED + attempt, effort * 0.4)
        if times is None:
            raise _what_stops_times(task, effort * 0.2)
        sittings = times or sittings
        seated = _with_assessors(task, times, effort / (2 * ATTEMPTS)) if times else None
        if seated is not None:
            return seated
    raise _what_stops_assessors(task, sittings, effort * 0.1) if sittings else NoTimetable("not-found-in-time")


def broken(task: Task, sittings: Sequence[Sitting]) -> list[NoTimetable]:
    """Every rule that a timetable breaks, also one changed by hand; nothing where it may stand."""
    return list(_broken(task, sittings))


def shortages(task: Task) -> Iterator[NoTimetable]:
    """What can be counted out beforehand: too little of something for everybody to do everything."""
    people = len(task.participants)
    total = sum(task.blocks)
    own = sum(e.slots for e in task.exercises) + task.rest * max(0, len(task.exercises) - len(task.blocks))
    if own > total:
        yield NoTimetable("participants-time", needed=own, found=total)
    for exercise in task.exercises:
        if exercise.slots > max(task.blocks, default=0):
            yield NoTimetable("exercise-longer-than-block", exercise=exercise.code, needed=exercise.slots)
        if not any(room.holds >= min(exercise.group, people) for room in task.rooms):
            yield NoTimetable("no-room-holds", exercise=exercise.code, needed=exercise.group)
        if exercise.assessors > len(task.assessors):
            yield NoTimetable("assessors", exercise=exercise.code, needed=exercise.assessors, found=len(task.assessors))
    rooms = sum(e.slots * _sessions(e, people) for e in task.exercises)
    if rooms > total * len(task.rooms):
        yield NoTimetable("rooms-time", needed=rooms, found=total * len(task.rooms))
    seats = sum(e.slots * _sessions(e, people) * e.assessors for e in task.exercises)
    if seats > total * len(task.assessors):
        yield NoTimetable("assessors-time", needed=seats, found=total * len(task.assessors))
    yield from _nobody_left(task)


def _nobody_left(task: Task) -> Iterator[NoTimetable]:
    """A participant whom too few assessors may see."""
    observed = [e for e in task.exercises if e.assessors]
    for person in task.participants:
        free = sum(person not in task.conflicts.get(a, frozenset()) for a in task.assessors)
        if observed and free < max(e.assessors for e in observed):
            yield NoTimetable("conflicts-leave-too-few", participant=person, found=free)
        elif sum(e.assessors for e in observed) > free * task.meetings:
            yield NoTimetable("meetings", participant=person, needed=sum(e.assessors for e in observed), found=free)


def _sessions(exercise: Exercise, people: int) -> int:
    return -(-people // exercise.group)


def _starts(task: Task, exercise: Exercise) -> list[int]:
    """The slots in which a session of the exercise may begin: it ends in the block in which it began."""
    first = 0
    found: list[int] = []
    for length in task.blocks:
        found += range(first, first + length - exercise.slots + 1)
        first += length
    return found


# Times: when each participant does each exercise, and in how many sessions side by side


def _times(task: Task, seed: int, effort: float) -> list[Sitting] | None:
    """Sessions with times and rooms; none at all where the search gave up; None where there can be none."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    at = {
        (p, e, t): model.new_bool_var("")
        for p in range(len(task.participants))
        for e, exercise in enumerate(task.exercises)
        for t in _starts(task, exercise)
    }
    held = {
        (e, t): model.new_int_var(0, len(task.rooms), "")
        for e, exercise in enumerate(task.exercises)
        for t in _starts(task, exercise)
    }
    for e, exercise in enumerate(task.exercises):
        starts = _starts(task, exercise)
        for p in range(len(task.participants)):
            model.add_exactly_one(at[p, e, t] for t in starts)
        for t in starts:
            model.add(sum(at[p, e, t] for p in range(len(task.participants))) <= exercise.group * held[e, t])
        model.add(sum(held[e, t] for t in starts) <= _sessions(exercise, len(task.participants)) + len(task.blocks))
    for slot in range(sum(task.blocks)):
        for p in range(len(task.participants)):
            model.add_at_most_one(at[p, e, t] for e, t in _running(task, slot, task.rest))
        _limit_side_by_side(model, task, held, slot)
    solver = _solver(seed, effort)
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None if status == cp_model.INFEASIBLE else []
    return _placed(task, {key for key, var in at.items() if solver.boolean_value(var)})


def _running(task: Task, slot: int, after: int | Mapping[str, int]) -> list[tuple[int, int]]:
    """(exercise, start) of every session that would keep somebody busy in a slot, with what comes after it."""
    found = []
    for e, exercise in enumerate(task.exercises):
        longer = after if isinstance(after, int) else after[exercise.code]
        found += [(e, t) for t in _starts(task, exercise) if t <= slot < t + exercise.slots + longer]
    return found


def _limit_side_by_side(model, task: Task, held, slot: int) -> None:  # type: ignore[no-untyped-def]
    """Rooms of a size, and assessors with their writing time, in one slot."""
    for size in sorted({e.group for e in task.exercises}):
        large = [held[e, t] for e, t in _running(task, slot, 0) if task.exercises[e].group >= size]
        fitting = sum(room.holds >= min(size, len(task.participants)) for room in task.rooms)
        model.add(sum(large) <= fitting)
    writing = {e.code: e.writing for e in task.exercises}
    model.add(
        sum(held[e, t] * task.exercises[e].assessors for e, t in _running(task, slot, writing)) <= len(task.assessors)
    )


def _placed(task: Task, chosen: set[tuple[int, int, int]]) -> list[Sitting]:
    """Participants of the same exercise and slot in full sessions, each in the smallest free room that holds it."""
    together: dict[tuple[int, int], list[str]] = {}
    for p, e, t in sorted(chosen):
        together.setdefault((t, e), []).append(task.participants[p])
    busy_until = {room.code: 0 for room in task.rooms}
    sittings = []
    for (t, e), people in sorted(together.items(), key=lambda item: (item[0][0], -task.exercises[item[0][1]].group)):
        exercise = task.exercises[e]
        for first in range(0, len(people), exercise.group):
            some = tuple(people[first : first + exercise.group])
            free = [r for r in task.rooms if busy_until[r.code] <= t and r.holds >= len(some)]
            if not free:
                return []
            room = min(free, key=lambda r: (r.holds, r.code))
            busy_until[room.code] = t + exercise.slots
            sittings.append(Sitting(exercise.code, t, room.code, some, ()))
    return sittings


def _solver(seed: int, effort: float):  # type: ignore[no-untyped-def]
    """One searcher with a bound on its work: the same input gives the same answer, however busy the machine."""
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.max_deterministic_time = effort
    solver.parameters.random_seed = seed
    solver.parameters.num_workers = 1
    return solver


# Assessors: who observes which session


def _with_assessors(
    task: Task, sittings: Sequence[Sitting], effort: float, *, without: frozenset[str] = frozenset()
) -> list[Sitting] | None:
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    exercises = {e.code: e for e in task.exercises}
    sits = {
        (a, s): model.new_bool_var("")
        for a, assessor in enumerate(task.assessors)
        for s, sitting in enumerate(sittings)
        if exercises[sitting.exercise].assessors
        and ("conflicts" in without or not task.conflicts.get(assessor, frozenset()) & set(sitting.participants))
    }
    for s, sitting in enumerate(sittings):
        own = [sits[a, s] for a in range(len(task.assessors)) if (a, s) in sits]
        model.add(sum(own) == exercises[sitting.exercise].assessors)
    busy = [exercises[one.exercise].slots + exercises[one.exercise].writing for one in sittings]
    for slot in range(sum(task.blocks)):
        running = [s for s, one in enumerate(sittings) if one.start <= slot < one.start + busy[s]]
        for a in range(len(task.assessors)):
            model.add_at_most_one(sits[a, s] for s in running if (a, s) in sits)
    if "meetings" not in without:
        _limit_meetings(model, task, sittings, sits)
    loads = [sum(busy[s] * var for (b, s), var in sits.items() if b == a) for a in range(len(task.assessors))]
    if "loads" not in without and loads:
        low, high = (model.new_int_var(0, sum(busy), "") for _end in range(2))
        for load in loads:
            model.add(load >= low)
            model.add(load <= high)
        model.add(high - low <= evenness(task))
    solver = _solver(TIMES_SEED, effort)
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    chosen = {key for key, var in sits.items() if solver.boolean_value(var)}
    return [
        replace(one, assessors=tuple(task.assessors[a] for a in range(len(task.assessors)) if (a, s) in chosen))
        for s, one in enumerate(sittings)
    ]


def _limit_meetings(model, task: Task, sittings: Sequence[Sitting], sits) -> None:  # type: ignore[no-untyped-def]
    theirs: dict[str, list[int]] = {}
    for s, sitting in enumerate(sittings):
        for person in sitting.participants:
            theirs.setdefault(person, []).append(s)
    for own in theirs.values():
        for a in range(len(task.assessors)):
            model.add(sum(sits[a, s] for s in own if (a, s) in sits) <= task.meetings)


def evenness(task: Task) -> int:
    """The slots by which two assessors' loads may differ: the longest session with its writing time."""
    return max((e.slots + e.writing for e in task.exercises if e.assessors), default=0)


# Where there is none: which rule stands in the way


def _what_stops_times(task: Task, effort: float) -> NoTimetable:
    """The first rule without which there would be times."""
    many = len(task.participants)
    more_rooms = (*task.rooms, *(Room(f"+{n}", many) for n in range(many)))
    idle = tuple(replace(e, assessors=0) for e in task.exercises)
    for rule, easier in (
        ("rest", replace(task, rest=0)),
        ("assessors-time", replace(task, exercises=idle)),
        ("rooms-time", replace(task, rooms=more_rooms)),
        ("participants-time", replace(task, rooms=more_rooms, exercises=idle)),
    ):
        if easier != task and _times(easier, TIMES_SEED, effort / 4):
            return NoTimetable(rule)
    return NoTimetable("time")


def _what_stops_assessors(task: Task, sittings: Sequence[Sitting], effort: float) -> NoTimetable:
    for rule in ("loads", "meetings", "conflicts"):
        if _with_assessors(task, sittings, effort / 3, without=frozenset({rule})) is not None:
            return NoTimetable(rule, allowed=task.meetings if rule == "meetings" else evenness(task))
    return NoTimetable("assessors-time")


# Checking, also of what was changed by hand


def _broken(task: Task, sittings: Sequence[Sitting]) -> Iterator[NoTimetable]:
    exercises = {e.code: e for e in task.exercises}
    rooms = {r.code: r for r in task.rooms}
    for one in sittings:
        exercise = exercises[one.exercise]
        if one.start not in _starts(task, exercise):
            yield NoTimetable("outside-the-blocks", exercise=one.exercise, start=one.start)
        if len(one.participants) > exercise.group:
            yield NoTimetable("group-too-large", exercise=one.exercise, start=one.start)
        if len(set(one.assessors)) != exercise.assessors:
            yield NoTimetable("assessors", exercise=one.exercise, needed=exercise.assessors, found=len(one.assessors))
        if one.room not in rooms or rooms[one.room].holds < len(one.participants):
            yield NoTimetable("no-room-holds", exercise=one.exercise, needed=len(one.participants))
        for assessor in one.assessors:
            for person in sorted(task.conflicts.get(assessor, frozenset()) & set(one.participants)):
                yield NoTimetable("conflicts", assessor=assessor, participant=person)
    yield from _not_exactly_once(task, sittings)
    yield from _clashes(task, sittings)
    yield from _meetings_and_loads(task, sittings)


def _not_exactly_once(task: Task, sittings: Sequence[Sitting]) -> Iterator[NoTimetable]:
    done: dict[tuple[str, str], int] = {}
    for one in sittings:
        for person in one.participants:
            done[person, one.exercise] = done.get((person, one.exercise), 0) + 1
    for person in task.participants:
        for exercise in task.exercises:
            times = done.get((person, exercise.code), 0)
            if times != 1:
                yield NoTimetable("every-exercise-once", participant=person, exercise=exercise.code, found=times)


def _clashes(task: Task, sittings: Sequence[Sitting]) -> Iterator[NoTimetable]:
    exercises = {e.code: e for e in task.exercises}
    busy: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for one in sittings:
        exercise = exercises[one.exercise]
        end = one.start + exercise.slots
        busy.setdefault(("room", one.room), []).append((one.start, end))
        for person in one.participants:
            busy.setdefault(("participant", person), []).append((one.start, end + task.rest))
        for assessor in one.assessors:
            busy.setdefault(("assessor", assessor), []).append((one.start, end + exercise.writing))
    for (kind, name), spells in busy.items():
        spells.sort()
        for before, after in pairwise(spells):
            if after[0] < before[1]:
                yield NoTimetable(f"{kind}-in-two-places", name=name, start=after[0])


def _meetings_and_loads(task: Task, sittings: Sequence[Sitting]) -> Iterator[NoTimetable]:
    exercises = {e.code: e for e in task.exercises}
    met: dict[tuple[str, str], int] = {}
    loads = dict.fromkeys(task.assessors, 0)
    for one in sittings:
        for assessor in one.assessors:
            loads[assessor] = loads.get(assessor, 0) + exercises[one.exercise].slots + exercises[one.exercise].writing
            for person in one.participants:
                met[assessor, person] = met.get((assessor, person), 0) + 1
    for (assessor, person), times in met.items():
        if times > task.meetings:
            yield NoTimetable("meetings", assessor=assessor, participant=person, found=times)
    if loads and max(loads.values()) - min(loads.values()) > evenness(task):
        yield NoTimetable("loads", most=max(loads.values()), least=min(loads.values()))
