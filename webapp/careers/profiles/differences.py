"""Two versions of a job profile side by side: what was added, removed and changed, part by part and number by number. Pure."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.careers.profiles import trees

Document = Mapping[str, Any]

TEXTS = ("duties", "nature", "characteristics", "development")
EXPECTED = ("expected_level", "method_th", "method_en", "assessor_th", "assessor_en", "ours")
SAME_ENOUGH = 0.5
"""Two texts that share at least half of their letters are one text changed, not one removed and one added (ours)."""


@dataclass(frozen=True, slots=True)
class Field:
    """One value that differs: its name, and how it stood before and stands after."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: ``added``, ``removed``, ``changed`` or ``moved``; either side may be absent."""

    kind: str
    key: str
    before: Document | None
    after: Document | None
    fields: tuple[Field, ...] = ()


def differences(before: Document, after: Document) -> dict[str, list[Difference]]:
    """By part of the profile, everything that differs; parts that are alike are left out."""
    found: dict[str, list[Difference]] = {
        "criteria": of_trees(before.get("criteria"), after.get("criteria")),
        "competencies": of_competencies(before.get("competencies") or (), after.get("competencies") or ()),
        **{part: of_texts(before.get(part) or (), after.get(part) or ()) for part in TEXTS},
        "entry": of_trees(before.get("course_entry"), after.get("course_entry")),
    }
    if before.get("course") != after.get("course"):
        field = Field("course", before.get("course"), after.get("course"))
        found["course"] = [Difference("changed", "course", None, None, (field,))]
    return {part: rows for part, rows in found.items() if rows}


def of_texts(before: Sequence[Document], after: Sequence[Document]) -> list[Difference]:
    """Texts paired by their order and words."""
    olds, news = [_told(row) for row in before], [_told(row) for row in after]
    found: list[Difference] = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, olds, news, autojunk=False).get_opcodes():
        if tag != "equal":
            found += _paired(before[i1:i2], after[j1:j2])
    return found


def _told(row: Document) -> str:
    return "\x00".join(str(row.get(name) or "") for name in ("step", "name_th", "name_en", "source", "ours"))


def _paired(before: Sequence[Document], after: Sequence[Document]) -> Iterable[Difference]:
    left = list(before)
    for row in after:
        close = [old for old in left if _alike(old, row)]
        if close:
            left.remove(close[0])
            yield Difference("changed", "", close[0], row, _fields(close[0], row))
        else:
            yield Difference("added", "", None, row)
    for row in left:
        yield Difference("removed", "", row, None)


def _alike(before: Document, after: Document) -> bool:
    old, new = str(before.get("name_th") or ""), str(after.get("name_th") or "")
    return difflib.SequenceMatcher(None, old, new, autojunk=False).ratio() >= SAME_ENOUGH


def of_competencies(before: Sequence[Document], after: Sequence[Document]) -> list[Difference]:
    """Expected competencies by their code."""
    olds = {str(row["competency"]): row for row in before}
    news = {str(row["competency"]): row for row in after}
    return _by_key(olds, news, EXPECTED)


def of_trees(before: Document | None, after: Document | None) -> list[Difference]:
    """Criteria by their id, with every value that differs, and those that stand in another group."""
    olds = {str(row.node["id"]): row for row in trees.outline(dict(before))} if before else {}
    news = {str(row.node["id"]): row for row in trees.outline(dict(after))} if after else {}
    found = _by_key(
        {key: _flat(row.node) for key, row in olds.items()}, {key: _flat(row.node) for key, row in news.items()}, None
    )
    changed = {difference.key for difference in found}
    found += [
        Difference("moved", key, olds[key].node, row.node, (Field("group", olds[key].parent, row.parent),))
        for key, row in news.items()
        if key in olds and olds[key].parent != row.parent and key not in changed
    ]
    order = {key: n for n, key in enumerate([*olds, *(key for key in news if key not in olds)])}
    return sorted(found, key=lambda difference: order[difference.key])


def _flat(node: Document) -> dict[str, Any]:
    """A criterion without what is below it, its match written out field by field."""
    own = {name: value for name, value in node.items() if name not in ("of", "match", "id")}
    return {**own, **{f"match.{name}": value for name, value in (node.get("match") or {}).items()}}


def _by_key(
    olds: Mapping[str, Document], news: Mapping[str, Document], names: Sequence[str] | None
) -> list[Difference]:
    found = [Difference("removed", key, row, None) for key, row in olds.items() if key not in news]
    for key, row in news.items():
        if key not in olds:
            found.append(Difference("added", key, None, row))
        elif fields := _fields(olds[key], row, names):
            found.append(Difference("changed", key, olds[key], row, fields))
    return found


def _fields(before: Document, after: Document, names: Sequence[str] | None = None) -> tuple[Field, ...]:
    """The values that differ; an absent one and an empty one are alike."""
    asked = names or [*before, *(name for name in after if name not in before)]
    return tuple(
        Field(name, before.get(name), after.get(name))
        for name in asked
        if (before.get(name) or None) != (after.get(name) or None)
    )
