"""The rule tree: read from its document, checked, changed for a what-if, written back.

The format of the document stands in ``webapp.careers.criteria``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from math import ceil
from typing import Any

GROUPS = ("all", "any", "at_least")
PARAMETER = {"tenure": "years", "sections": "min", "districts": "min", "works": "works", "posting_and_works": "works"}
"""The parameter of each kind of leaf that a what-if may change; the other kinds have none."""

LEAVES = (*PARAMETER, "qualification", "course", "competency")
UNIT = {
    "tenure": "days360", "sections": "sections", "districts": "districts", "works": "works",
    "posting_and_works": "works", "qualification": "qualifications", "course": "courses",
    "competency": "competencies", "all": "criteria", "any": "criteria", "at_least": "criteria",
}  # fmt: skip
"""What the figures found and required of each kind are counted in."""

MATCH_FIELDS = ("post", "position_type", "level", "unit_kind")
DAYS_PER_YEAR = 360
MOST_YEARS = 60
MOST_COUNT = 10_000
DEEPEST = 20

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SHAPE = {
    "id", "kind", "of", "k", "match", "years", "min", "works", "acting", "now", "while_holding", "code", "groups",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Match:
    """What a posting must be; None where anything will do."""

    post: str | None = None
    position_type: str | None = None
    level: str | None = None
    unit_kind: str | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """One criterion: a group of others or a leaf. ``texts`` holds its names, reasons and source."""

    id: str
    kind: str
    of: tuple["Node", ...] = ()
    k: int = 0
    match: Match | None = None
    amount: Fraction = Fraction(0)
    acting: bool = False
    now: bool = False
    while_holding: str | None = None
    code: str | None = None
    groups: tuple[str, ...] | None = None
    texts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_group(self) -> bool:
        return self.kind in GROUPS

    @property
    def needed(self) -> int:
        """How many children of a group must be met."""
        return {"all": len(self.of), "any": 1}.get(self.kind, self.k)

    @property
    def parameter(self) -> str | None:
        """The name of what a what-if may change."""
        return "k" if self.kind == "at_least" else PARAMETER.get(self.kind)

    @property
    def required(self) -> int:
        """The least figure that meets a leaf with a parameter (tenure in days of the 360-day count)."""
        if self.kind == "tenure":
            return max(ceil(self.amount * DAYS_PER_YEAR), 1)  # nought years: a posting begun at all, so one day of it
        return ceil(self.amount)

    def walk(self) -> Iterator["Node"]:
        """This node and everything below it, in the order of the document."""
        yield self
        for child in self.of:
            yield from child.walk()

    def find(self, node_id: str) -> "Node | None":
        return next((node for node in self.walk() if node.id == node_id), None)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a tree: where, what, and the names or numbers that say what would be right."""

    path: str
    code: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


class TreeHasProblems(ValueError):
    """A document that is no rule tree; ``problems`` says why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{p.path}: {p.code} {dict(p.parameters)}" for p in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Known:
    """The codes that exist. A set left out is not checked."""

    posts: frozenset[str] | None = None
    grades: frozenset[tuple[str, str]] | None = None
    unit_kinds: frozenset[str] | None = None
    qualifications: frozenset[str] | None = None
    courses: frozenset[str] | None = None
    groups: frozenset[str] | None = None


def tree_from(document: Any, known: Known | None = None) -> Node:
    """The tree of a document. Raises :class:`TreeHasProblems` with everything that is wrong with it."""
    found = problems(document, known)
    if found:
        raise TreeHasProblems(found)
    return _node(document)


def _node(document: Mapping[str, Any]) -> Node:
    kind, match = document["kind"], document.get("match")
    groups, parameter = document.get("groups"), PARAMETER.get(document["kind"])
    return Node(
        id=document["id"],
        kind=kind,
        of=tuple(_node(child) for child in document.get("of") or ()) if kind in GROUPS else (),
        k=document.get("k", 0) if kind == "at_least" else 0,
        match=Match(**match) if match else None,
        amount=_number(document.get(parameter, 0)) or Fraction(0) if parameter else Fraction(0),
        acting=document.get("acting") is True,
        now=document.get("now") is True,
        while_holding=document.get("while_holding"),
        code=document.get("code"),
        groups=None if groups is None else tuple(groups),
        texts={key: value for key, value in document.items() if key not in _SHAPE},
    )


def document_of(node: Node) -> dict[str, Any]:
    """The node as its document; :func:`tree_from` gives the same node back."""
    document: dict[str, Any] = {"id": node.id, "kind": node.kind, **node.texts}
    if node.is_group:
        document["of"] = [document_of(child) for child in node.of]
    if node.match is not None:
        document["match"] = {name: getattr(node.match, name) for name in MATCH_FIELDS if getattr(node.match, name)}
    if node.parameter:
        document[node.parameter] = node.k if node.kind == "at_least" else written(node.amount)
    for name in ("acting", "now"):
        if getattr(node, name):
            document[name] = True
    for name in ("while_holding", "code"):
        if getattr(node, name) is not None:
            document[name] = getattr(node, name)
    if node.groups is not None:
        document["groups"] = list(node.groups)
    return document


def written(amount: Fraction) -> int | str:
    """A parameter as it stands in a document: a whole number, or a decimal as text."""
    return int(amount) if amount.denominator == 1 else str(Decimal(amount.numerator) / Decimal(amount.denominator))


def with_parameter(tree: Node, node_id: str, name: str, value: Any) -> Node:
    """The tree with one parameter changed: the what-if.

    Raises :class:`TreeHasProblems` where there is no such criterion or parameter, or the value is none for it.
    """
    node = tree.find(node_id)
    if node is None:
        raise TreeHasProblems([Problem(node_id, "unknown-criterion", {"known": [n.id for n in tree.walk()]})])
    if node.parameter != name:
        raise TreeHasProblems([Problem(f"{node_id}.{name}", "unknown-parameter", {"known": node.parameter})])
    found = list(_of_amount(f"{node_id}.{name}", name, value, len(node.of)))
    if found:
        raise TreeHasProblems(found)
    amount = _number(value) or Fraction(0)
    changed = replace(node, k=int(amount)) if name == "k" else replace(node, amount=amount)
    return _replaced(tree, node_id, changed)


def _replaced(tree: Node, node_id: str, by: Node) -> Node:
    if tree.id == node_id:
        return by
    return replace(tree, of=tuple(_replaced(child, node_id, by) for child in tree.of)) if tree.of else tree


def unexplained(tree: Node) -> list[tuple[str, str]]:
    """What a tree still lacks before it can be published: (criterion, ``reason`` or ``source``).

    Every criterion of the top level needs a reason and a source; one inside a group may lean on the group's.
    """
    missing: list[tuple[str, str]] = []

    def look(node: Node, reason: bool, source: bool) -> None:
        reason = reason or any(str(node.texts.get(name) or "").strip() for name in ("reason_th", "reason"))
        source = source or bool(str(node.texts.get("source") or "").strip() or node.texts.get("ours") is True)
        missing.extend((node.id, what) for what, there in (("reason", reason), ("source", source)) if not there)
        for child in node.of:
            look(child, reason, source)

    for child in tree.of or (tree,):
        look(child, False, False)
    return missing


# What is wrong with a document


def problems(document: Any, known: Known | None = None) -> list[Problem]:
    """Everything that is wrong with a tree's document, in its order; nothing if it can be judged."""
    seen: dict[str, str] = {}
    return list(_of_node(document, "", known or Known(), (), seen))


def _of_node(document: Any, path: str, known: Known, above: tuple[int, ...], seen: dict[str, str]) -> Iterator[Problem]:
    if not isinstance(document, Mapping):
        yield Problem(path, "not-a-criterion", {"found": document})
        return
    if id(document) in above:
        yield Problem(path, "cycle", {"criterion": document.get("id")})
        return
    if len(above) >= DEEPEST:
        yield Problem(path, "too-deep", {"most": DEEPEST})
        return
    yield from _of_id(document, path, seen)
    kind = document.get("kind")
    if kind in GROUPS:
        yield from _of_group(document, path, known, (*above, id(document)), seen)
    elif kind in LEAVES:
        yield from _of_leaf(document, path, known)
    else:
        yield Problem(_at(path, "kind"), "unknown-kind", {"found": kind, "known": [*GROUPS, *LEAVES]})


def _at(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _of_id(document: Mapping[str, Any], path: str, seen: dict[str, str]) -> Iterator[Problem]:
    node_id = document.get("id")
    if not isinstance(node_id, str) or not _ID.fullmatch(node_id):
        yield Problem(_at(path, "id"), "bad-id", {"found": node_id})
    elif node_id in seen:
        yield Problem(_at(path, "id"), "id-twice", {"found": node_id, "first": seen[node_id]})
    else:
        seen[node_id] = path


def _of_group(
    document: Mapping[str, Any], path: str, known: Known, above: tuple[int, ...], seen: dict[str, str]
) -> Iterator[Problem]:
    children = document.get("of")
    if not isinstance(children, Sequence) or isinstance(children, str) or not children:
        yield Problem(_at(path, "of"), "empty-group", {"criterion": document.get("id")})
        return
    if document["kind"] == "at_least":
        k = document.get("k")
        if not isinstance(k, int) or isinstance(k, bool) or not 1 <= k <= len(children):
            yield Problem(_at(path, "k"), "out-of-range", {"found": k, "least": 1, "most": len(children)})
    for n, child in enumerate(children):
        yield from _of_node(child, _at(path, f"of[{n}]"), known, above, seen)


def _of_leaf(document: Mapping[str, Any], path: str, known: Known) -> Iterator[Problem]:
    kind = document["kind"]
    if kind in PARAMETER:
        name = PARAMETER[kind]
        yield from _of_amount(_at(path, name), name, document.get(name), 0)
    if kind in ("tenure", "districts", "posting_and_works"):
        yield from _of_match(document.get("match"), _at(path, "match"), known)
    if kind in ("qualification", "course"):
        codes = known.qualifications if kind == "qualification" else known.courses
        yield from _of_code(document.get("code"), _at(path, "code"), codes)
    if document.get("while_holding") is not None:
        yield from _of_code(document["while_holding"], _at(path, "while_holding"), known.posts)
    groups = document.get("groups")
    if kind == "competency" and groups is not None:
        if not isinstance(groups, Sequence) or isinstance(groups, str) or not groups:
            yield Problem(_at(path, "groups"), "empty-list", {"found": groups})
            return
        for n, group in enumerate(groups):
            yield from _of_code(group, _at(path, f"groups[{n}]"), known.groups)


def _of_amount(path: str, name: str, value: Any, children: int) -> Iterator[Problem]:
    """Years may have decimals; all else is counted in whole numbers."""
    least, most = {"years": (0, MOST_YEARS), "k": (1, children)}.get(name, (0, MOST_COUNT))
    amount = _number(value)
    if value is None:
        yield Problem(path, "missing")
    elif amount is None or (name != "years" and amount.denominator != 1):
        yield Problem(path, "not-a-number", {"found": value})
    elif not least <= amount <= most:
        yield Problem(path, "out-of-range", {"found": value, "least": least, "most": most})


def _of_match(match: Any, path: str, known: Known) -> Iterator[Problem]:
    if not isinstance(match, Mapping) or not any(match.get(name) for name in MATCH_FIELDS[:3]):
        yield Problem(path, "matches-anything", {"known": list(MATCH_FIELDS[:3])})
        return
    for name in match:
        if name not in MATCH_FIELDS:
            yield Problem(_at(path, str(name)), "unknown-field", {"found": name, "known": list(MATCH_FIELDS)})
    if match.get("post") is not None:
        yield from _of_code(match["post"], _at(path, "post"), known.posts)
    if match.get("unit_kind") is not None:
        yield from _of_code(match["unit_kind"], _at(path, "unit_kind"), known.unit_kinds)
    position_type, level = match.get("position_type"), match.get("level")
    if level is not None and position_type is None:
        yield Problem(_at(path, "level"), "level-without-type", {"found": level})
    elif position_type is not None and known.grades is not None:
        if position_type not in {grade[0] for grade in known.grades}:
            yield Problem(_at(path, "position_type"), "unknown-code", {"found": position_type})
        elif level is not None and (position_type, level) not in known.grades:
            yield Problem(_at(path, "level"), "level-not-of-type", {"found": level, "position_type": position_type})


def _of_code(code: Any, path: str, known: frozenset[str] | None) -> Iterator[Problem]:
    if not isinstance(code, str) or not code.strip():
        yield Problem(path, "missing")
    elif known is not None and code not in known:
        yield Problem(path, "unknown-code", {"found": code})


def _number(value: Any) -> Fraction | None:
    """A number as typed: whole, decimal, or the text of one."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal | Fraction):
        return None
    try:
        number = Decimal(str(value)) if not isinstance(value, Fraction) else value
    except InvalidOperation:
        return None
    if isinstance(number, Decimal) and (not number.is_finite() or abs(number.adjusted()) > 20):
        return None
    return Fraction(number)
