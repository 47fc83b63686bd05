"""Who marks which essay, in which order, and when two have agreed. Pure."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol

CONFLICTS = ("supervisor", "mentor", "relative", "other")
"""Whoever is this to a candidate marks nothing of theirs; the register says the first two, the marker declares the rest."""


class Given(Protocol):
    """A standing mark, as far as these rules look at it."""

    part: Any
    marker_id: Any
    marks: Any


def assigned(
    essays: Sequence[tuple[int, str]], markers: Sequence[int], marked_by: Mapping[int, Collection[int]], each: int,
    kept_away: Mapping[int, Collection[int]] = MappingProxyType({}),
) -> dict[int, list[int]]:  # fmt: skip
    """By essay, the markers of the first round: those who marked it already, and else the ones with the fewest to mark.

    ``essays`` are (id, text that tells nothing of whom it is by), ``markers`` account ids; ``each`` how many mark one,
    ``kept_away`` by essay those who may not. Loads differ by at most one while nobody has begun and nobody is kept away.
    The same input gives the same answer.
    """
    load = {marker: sum(marker in marked for marked in marked_by.values()) for marker in markers}
    order = sorted(essays, key=lambda essay: _digest(essay[1]))
    found: dict[int, list[int]] = {}
    for number, _text in order:
        barred = kept_away.get(number, ())
        chosen = [marker for marker in markers if marker in marked_by.get(number, ())][:each]
        free = [one for one in markers if one not in chosen and one not in barred]
        free.sort(key=lambda one: (load[one], markers.index(one)))
        for marker in free[: max(0, each - len(marked_by.get(number, ())))]:
            chosen.append(marker)
            load[marker] += 1
        found[number] = chosen
    return found


def own_order(account_id: int, text: str) -> bytes:
    """Where an essay stands in one marker's own order: it tells nothing of the candidates, and differs between markers."""
    return _digest(f"{account_id}:{text}")


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def agreed_marks(marks: Sequence[Given]) -> Mapping[str, Any] | None:
    """The marks by rubric that two different markers have both entered as agreed; None while they have not."""
    proposals = [mark for mark in marks if mark.part == "agreed"]
    for number, one in enumerate(proposals):
        for other in proposals[number + 1 :]:
            if one.marker_id != other.marker_id and dict(one.marks) == dict(other.marks):
                return one.marks
    return None


def next_part(marks: Sequence[Given], decides: bool) -> str:
    """What a new mark is called: the third's, the first, or the second."""
    if decides:
        return "third"
    return "second" if any(mark.part == "first" for mark in marks) else "first"
