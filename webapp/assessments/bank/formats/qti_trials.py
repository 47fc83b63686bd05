"""Responses to try a QTI item with: all of them where they are few, else the single ones and a seeded sample."""

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import permutations, product
from typing import Any

from webapp.assessments.bank.formats.qti_processing import number

MOST_TRIED = 2_000
SEED = 2569

Trial = tuple[dict[str, Any], Any]
"""A response in our form, and the same as QTI's value."""


def subsets(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    if 2 ** len(names) <= MOST_TRIED:
        for picked in product((False, True), repeat=len(names)):
            yield tuple(name for name, one in zip(names, picked, strict=True) if one)
        return
    chance = random.Random(SEED)
    yield from ((name,) for name in names)
    for _n in range(500):
        chosen = set(chance.sample(list(names), chance.randint(1, len(names))))
        yield tuple(name for name in names if name in chosen)


def orders(names: Sequence[str]) -> Iterator[Trial]:
    if len(names) <= 6:
        yield from (({"order": list(one)}, list(one)) for one in permutations(names))
        return
    chance, order = random.Random(SEED), list(names)
    yield {"order": order[:]}, order[:]
    for _n in range(300):
        mixed = chance.sample(order, len(order))
        yield {"order": mixed}, mixed


def allowed(pairs: Sequence[tuple[str, ...]], most: dict[str, int]) -> list[tuple[str, ...]]:
    """The pairs without those beyond what an end may be used for."""
    used: dict[str, int] = {}
    kept: list[tuple[str, ...]] = []
    for pair in pairs:
        if pair in kept or any(most.get(end, 0) and used.get(end, 0) >= most[end] for end in pair):
            continue
        for end in pair:
            used[end] = used.get(end, 0) + 1
        kept.append(pair)
    return kept


def variants(keys: Sequence[str], kind: str) -> Iterator[str]:
    """What candidates might type near the accepted answers."""
    for key in keys:
        yield key
        if kind == "numeric":
            value = number(key)
            for step in (Fraction(1, 1000), Fraction(1, 100), Fraction(1, 10), Fraction(1), Fraction(10)):
                yield from (str(float(value + step)), str(float(value - step)))
        else:
            yield from (key.upper(), key.lower(), f"{key}x", f"x {key} y", key[:-1] or "q")
    yield "987654321" if kind == "numeric" else "zzz-nothing"
