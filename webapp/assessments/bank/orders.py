"""How much of an order is right, by the rules that question formats know. Each returns (right, of how many).

The rules are those of Moodle's ordering question (grading types -1 to 7), whose results they repeat.
"""

from collections.abc import Callable, Sequence
from itertools import combinations

Order = Sequence[str]
Places = Sequence[str | None]


def share_in_order(rule: str, right: Order, given: Places) -> tuple[int, int]:
    """(how much is right, of how much) under ``rule``; a place left open is never right."""
    if rule == "all-or-nothing":
        return int(list(right) == list(given)), 1
    return _RULES[rule](right, given)


def _position(right: Order, given: Places) -> tuple[int, int]:
    return sum(one == other for one, other in zip(right, given, strict=False)), len(right)


_END = "\x00end"


def _followers(order: Places, with_end: bool) -> dict[str, str | None]:
    """What stands right after each entry (None: a place left open); the end, if asked for, counts as one."""
    after = [*list(order)[1:], _END]
    found = {name: follower for name, follower in zip(order, after, strict=True) if name is not None}
    return found if with_end else {name: follower for name, follower in found.items() if follower != _END}


def _next(right: Order, given: Places, with_end: bool) -> tuple[int, int]:
    wanted, found = _followers(right, with_end), _followers(given, with_end)
    return sum(name in found and found[name] == follower for name, follower in wanted.items()), len(wanted)


def _neighbors(right: Order, given: Places) -> tuple[int, int]:
    """Both neighbors of each; the ends count as neighbors of the first and the last."""
    return tuple(  # type: ignore[return-value]
        map(sum, zip(_next(right, given, True), _next(right[::-1], list(given)[::-1], True), strict=True))
    )


def _all_pairs(right: Order, given: Places) -> tuple[int, int]:
    place = {name: number for number, name in enumerate(given) if name is not None}
    pairs = list(combinations(right, 2))
    good = sum(one in place and other in place and place[one] < place[other] for one, other in pairs)
    return 2 * good, 2 * len(pairs)


def _longest_run(right: Order, given: Places) -> tuple[int, int]:
    """The longest subset in the right order, gaps allowed; a single entry is no order."""
    rank = {name: number for number, name in enumerate(right)}
    longest: list[tuple[int, int]] = []  # (rank, length of the longest run that ends there)
    for name in given:
        if name is not None:
            best = max((length for other, length in longest if other < rank[name]), default=0)
            longest.append((rank[name], best + 1))
    found = max((length for _rank, length in longest), default=0)
    return (found if found > 1 else 0), len(right)


def _longest_block(right: Order, given: Places) -> tuple[int, int]:
    """The longest run of neighbors as they should be; a single entry is no order."""
    follows = _followers(right, False)
    found, run = 0, 1
    for one, other in zip(given, list(given)[1:], strict=False):
        run = run + 1 if one is not None and other is not None and follows.get(one) == other else 1
        found = max(found, run)
    return (found if found > 1 else 0), len(right)


def _distance(right: Order, given: Places) -> tuple[int, int]:
    """Each entry earns full nearness in its place and one less for every place it is away."""
    most = len(right) - 1
    place = {name: number for number, name in enumerate(given) if name is not None}
    near = sum(max(0, most - abs(place[name] - number)) for number, name in enumerate(right) if name in place)
    return near, most * len(right)


_RULES: dict[str, Callable[[Order, Places], tuple[int, int]]] = {
    "position": _position,
    "next": lambda right, given: _next(right, given, False),
    "next-or-last": lambda right, given: _next(right, given, True),
    "neighbors": _neighbors,
    "all-pairs": _all_pairs,
    "longest-run": _longest_run,
    "longest-block": _longest_block,
    "distance": _distance,
}
