"""The figures of a feasibility question as one document: what pages draw, scenarios freeze and workbooks hold.

Names stand beside codes in both languages, so that a frozen document reads the same when the profile has changed.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from webapp.careers.criteria.evaluation import Evaluation
from webapp.careers.criteria.facts import Column
from webapp.careers.criteria.judge import top_level
from webapp.careers.criteria.tree import UNIT, Node
from webapp.readiness import feasibility as f
from webapp.readiness.nearness import held_on, of_current
from webapp.readiness.neighbors import Vacancy

Document = dict[str, Any]

UNIT_KINDS = ("district", "bureau", "office", "external", "none")
SEXES = ("f", "m", "unknown")


def document(
    found: Evaluation, base: Evaluation, *, sexes: Column, births: Column, vacancies: Sequence[Vacancy] | None,
    pair: tuple[str, str] | None = None,
) -> Document:  # fmt: skip
    """All figures of an evaluation; ``base`` is the same with the profile's own numbers."""
    return {
        "evaluated": found.summary.evaluated,
        "passing": found.summary.eligible,
        "passing_before": base.summary.eligible,
        "numbers": _numbers(found, base),
        "stages": [
            {**_named(stage.node), "met": stage.met, "left": stage.left, "sole_blocker": stage.sole_blocker}
            for stage in f.funnel(found)
        ],
        "curves": [_curve(one) for one in f.curves(found)],
        "grid": _grid(found, pair),
        "groups": groups(found, sexes, births),
        "vacancies": None if vacancies is None else [[v.fiscal_year, v.retiring, v.vacancies] for v in vacancies],
        "rotation": _needs_rotation(found.rule.tree),
    }


def _named(node: Node) -> Document:
    return {
        "id": node.id,
        "name_th": node.texts.get("name_th") or node.id,
        "name_en": node.texts.get("name_en") or "",
        "kind": node.kind,
        "unit": UNIT[node.kind],
    }


def _numbers(found: Evaluation, base: Evaluation) -> list[Document]:
    """Every number of the rule, with the profile's own beside it."""
    own = {node.id: f.own_value(node) for node in base.rule.tree.walk() if node.parameter}
    return [
        {**_named(node), "parameter": node.parameter, "value": f.own_value(node), "own": own.get(node.id)}
        for node in found.rule.tree.walk()
        if node.parameter
    ]


def _curve(one: f.Curve) -> Document:
    return {**_named(one.node), "now": one.now, "points": [[point.value, point.pool] for point in one.points]}


def _grid(found: Evaluation, pair: tuple[str, str] | None) -> Document | None:
    """Two numbers varied together: those asked for, else the first two of the top level that have one."""
    nodes = [node for node in found.rule.tree.walk() if node.parameter]
    wanted = [node for code in pair or () for node in nodes if node.id == code]
    first, second = (wanted + [node for node in nodes if node not in wanted] + [None, None])[:2]
    if first is None or second is None:
        return None
    made = f.grid(found, first, second)
    return {
        "first": {**_named(first), "now": f.own_value(first)},
        "second": {**_named(second), "now": f.own_value(second)},
        "rows": list(made.rows),
        "columns": list(made.columns),
        "pools": [list(row) for row in made.pools],
    }


def groups(found: Evaluation, sexes: Column, births: Column) -> dict[str, list[Document]]:
    """By kind of unit, sex and age group: how many were evaluated and pass, and the ratio to the highest share."""
    facts, words = found.facts, found.facts.words
    kinds = np.array([UNIT_KINDS.index(kind) for kind in words.unit_kinds] + [len(UNIT_KINDS) - 1])
    units = of_current(facts, held_on(facts, found.as_of), "unit")  # -1, no posting, is the last of the kinds
    by: Mapping[str, tuple[Sequence[str], Column]] = {
        "unit": (UNIT_KINDS, kinds[units]),
        "sex": (SEXES, sexes),
        "age": ([key for key, _least in f.AGES], f.age_groups(births, found.as_of)),
    }
    return {name: [_group(one) for one in f.grouped(found, keys, of)] for name, (keys, of) in by.items()}


def _group(one: f.Group) -> Document:
    return {
        "key": one.key,
        "evaluated": one.evaluated,
        "passing": one.passing,
        "share": None if one.share is None else rounded(one.share, 4),
        "ratio": None if one.ratio is None else rounded(one.ratio, 2),
        "low": one.is_low,
    }


def rounded(value: Fraction, places: int) -> str:
    """A share as decimal text, half up, so that a frozen figure is the same everywhere."""
    scaled = value * 10**places
    whole = int(scaled + Fraction(1, 2))
    return f"{whole // 10**places}.{whole % 10**places:0{places}d}"


def _needs_rotation(tree: Node) -> bool:
    """Whether a criterion asks for more sections in charge than one of two assistants can hold at once (domain page §3)."""
    return any(node.kind == "sections" and node.required > SECTIONS_AT_ONCE for node in top_level(tree))


SECTIONS_AT_ONCE = 5
"""Ten sections shared by two assistants of a district office."""
