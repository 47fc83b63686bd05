"""Who marks whose written work (an in-basket) after its session. Pure.

Written work is marked by assessors without a conflict of interest; loads are even, and whoever has met the participant in
as many exercises as the center allows is asked last.
"""

from collections.abc import Mapping, Sequence

from webapp.assessments.center.timetable import Conflicts, NoTimetable, Sitting


def met_in(sittings: Sequence[Sitting]) -> dict[tuple[str, str], int]:
    """(assessor, participant) → in how many sessions they meet."""
    met: dict[tuple[str, str], int] = {}
    for one in sittings:
        for assessor in one.assessors:
            for person in one.participants:
                met[assessor, person] = met.get((assessor, person), 0) + 1
    return met


def assign(
    participants: Sequence[str], assessors: Sequence[str], wanted: Mapping[str, int], conflicts: Conflicts,
    sittings: Sequence[Sitting], meetings: int,
) -> list[tuple[str, str, str]]:  # fmt: skip
    """(exercise, participant, assessor) of all written work; ``wanted``: readers per piece of each exercise.

    Raises :class:`NoTimetable` where conflicts leave too few readers.
    """
    met = met_in(sittings)
    load = dict.fromkeys(assessors, 0)
    found: list[tuple[str, str, str]] = []
    for exercise, many in wanted.items():
        for person in participants:
            free = [one for one in assessors if person not in conflicts.get(one, frozenset())]
            if len(free) < many:
                raise NoTimetable("readers", participant=person, exercise=exercise, needed=many, found=len(free))
            order = {one: place for place, one in enumerate(assessors)}
            free.sort(key=lambda one: (met.get((one, person), 0) >= meetings, load[one], order[one]))
            for one in free[:many]:
                load[one] += 1
                met[one, person] = met.get((one, person), 0) + 1
                found.append((exercise, person, one))
    return found
