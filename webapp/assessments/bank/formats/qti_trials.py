"""Responses to try a QTI item with: all of them where they are few, else the telling ones and a seeded sample."""

import random
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise, permutations, product
from typing import Any

from webapp.assessments.bank.formats.qti_values import written

MOST_TRIED = 2_000
SAMPLED = 200
MOST_PAIRS = 800
MOST_IN_SAMPLE = 40
SEED = 2569

Trial = tuple[dict[str, Any], Any]
"""A response in our form, and the same as QTI's value."""


def subsets(names: Sequence[str], telling: Sequence[Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Sets of choices: every one where they are few; else the single ones, the telling ones with one more or less, a sample."""
    if 2 ** len(names) <= MOST_TRIED:
        for picked in product((False, True), repeat=len(names)):
            yield tuple(name for name, one in zip(names, picked, strict=True) if one)
        return
    yield from ((name,) for name in names)
    for group in telling:
        chosen = set(group)
        yield tuple(name for name in names if name in chosen)
        for changed in names:
            yield tuple(name for name in names if (name in chosen) != (name == changed))
    chance = random.Random(SEED)
    for _n in range(SAMPLED):
        chosen = set(chance.sample(list(names), chance.randint(1, len(names))))
        yield tuple(name for name in names if name in chosen)


def orders(names: Sequence[str]) -> Iterator[Trial]:
    """Orders of the entries: every one where they are few; else the right one, each two exchanged, a sample."""
    if len(names) <= 6:
        yield from (({"order": list(one)}, list(one)) for one in permutations(names))
        return
    chance, order = random.Random(SEED), list(names)
    yield {"order": order[:]}, order[:]
    for place in range(len(order) - 1):
        mixed = order[:]
        mixed[place], mixed[place + 1] = mixed[place + 1], mixed[place]
        yield {"order": mixed}, mixed
    for _n in range(SAMPLED):
        mixed = chance.sample(order, len(order))
        yield {"order": mixed}, mixed


def pair_sets(
    pairs: Sequence[tuple[str, str]], telling: Sequence[Sequence[tuple[str, str]]], most: dict[str, int]
) -> Iterator[list[tuple[str, str]]]:
    """Sets of pairs: the single ones, the telling ones growing and with one more, a sample; within what ends allow."""
    chance = random.Random(SEED)
    some = list(pairs) if len(pairs) <= MOST_PAIRS else chance.sample(list(pairs), MOST_PAIRS)
    few = some if len(some) <= SAMPLED else chance.sample(some, SAMPLED)
    sets: list[Sequence[tuple[str, str]]] = [[pair] for pair in some]
    for right in telling:
        sets += [right[:n] for n in range(1, len(right) + 1)]
        sets += [[*right, pair] for pair in few if pair not in right]
        sets += [[one for one in right if one != gone] for gone in right]
    sets += (
        [chance.sample(some, chance.randint(1, min(len(some), MOST_IN_SAMPLE))) for _n in range(SAMPLED)]
        if some
        else []
    )
    for one in sets:
        kept = _allowed(one, most)
        if kept:
            yield kept


def _allowed(pairs: Sequence[tuple[str, str]], most: dict[str, int]) -> list[tuple[str, str]]:
    """The pairs without those beyond what an end may be used for."""
    used: dict[str, int] = {}
    kept: list[tuple[str, str]] = []
    for pair in pairs:
        if pair in kept or any(most.get(end, 0) and used.get(end, 0) >= most[end] for end in pair):
            continue
        for end in pair:
            used[end] = used.get(end, 0) + 1
        kept.append(pair)
    return kept


def spellings(keys: Sequence[str]) -> Iterator[str]:
    """What candidates might type near the accepted texts."""
    for key in keys:
        yield from (key, key.upper(), key.lower(), key.title(), f"{key}x", f"x {key} y", f"x{key}", key[:-1] or "q")
    yield "zzz-nothing"


def probes(points: Sequence[Fraction]) -> list[Fraction]:
    """Each point at which a score may change, between each two, close beside each, and beyond the ends."""
    ends = sorted(set(points)) or [Fraction(0)]
    found = set(ends) | {(a + b) / 2 for a, b in pairwise(ends)}
    near = min((b - a for a, b in pairwise(ends)), default=Fraction(1)) / 1000
    found |= {point + step for point in ends for step in (-near, near)}
    found |= {ends[0] - step for step in (1, 1000)} | {ends[-1] + step for step in (1, 1000)}
    return sorted(found)


def ranges(points: Sequence[Fraction], worth: Callable[[Fraction], Fraction]) -> list[dict[str, Any]]:
    """The ranges within which a number is worth something else than a far-off one, with their ends and worth.

    Exact where the worth changes only at the points.
    """
    ends = sorted(set(points))
    rest = worth(ends[0] - 1)
    pieces: list[tuple[Fraction | None, Fraction | None, Fraction]] = []
    for place, end in enumerate(ends):
        pieces.append((end, end, worth(end)))
        after = ends[place + 1] if place + 1 < len(ends) else None
        pieces.append((end, after, worth((end + after) / 2 if after is not None else end + 1)))
    found: list[dict[str, Any]] = []
    previous: Fraction | None = None
    for low, high, share in pieces:
        point = low == high
        if share == rest:
            previous = None
            continue
        if previous == share:
            found[-1] |= {"high": None if high is None else written(high), "high_open": not point}
        else:
            found.append({
                "low": written(low), "low_open": not point, "high": None if high is None else written(high),
                "high_open": not point, "share": share,
            })  # fmt: skip
        previous = share
    return found
