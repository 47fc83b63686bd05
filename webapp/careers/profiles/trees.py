"""Editing a rule tree as a document: add, change, move, nest and remove one criterion; pure, the given tree stays as it is.

The document's format stands in ``webapp/careers/criteria``; whether the outcome can be judged is said by its checker.
"""

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from webapp.careers.criteria.tree import GROUPS, Problem
from webapp.errors import NotFound, RuleBroken

Document = dict[str, Any]

PART_OF_PATH = re.compile(r"of\[\d+\]")
LONGEST_ID = 60
MOST_CRITERIA = 200
"""Criteria of one tree: far beyond what a reader can follow, small enough to draw and judge."""


@dataclass(frozen=True, slots=True)
class Row:
    """A criterion in the outline: how deep it stands, in which group, and whether it is the first or last there."""

    node: Document
    depth: int
    parent: str | None
    place: int
    of: int
    path: str

    @property
    def first(self) -> bool:
        return self.place == 0

    @property
    def last(self) -> bool:
        return self.place == self.of - 1


def outline(tree: Document) -> list[Row]:
    """Every criterion in the order of the document, the root first."""
    return list(_rows(tree, 0, None, 0, 1, ""))


def _rows(node: Document, depth: int, parent: str | None, place: int, of: int, path: str) -> Iterator[Row]:
    yield Row(node, depth, parent, place, of, path)
    children = node.get("of") or []
    for n, child in enumerate(children):
        below = f"{path}.of[{n}]" if path else f"of[{n}]"
        yield from _rows(child, depth + 1, str(node["id"]), n, len(children), below)


def row_of(tree: Document, node_id: str) -> Row:
    """The criterion with this id. Raises ``NotFound``."""
    for row in outline(tree):
        if row.node["id"] == node_id:
            return row
    raise NotFound()


def groups(tree: Document) -> list[Row]:
    """The groups in which a criterion can stand."""
    return [row for row in outline(tree) if row.node["kind"] in GROUPS]


def own_part(node: Document) -> Document:
    """A criterion without what stands below it: what its form edits, and what a stale edit is told by."""
    return {name: value for name, value in node.items() if name != "of"}


def added(tree: Document, parent_id: str, node: Document) -> Document:
    """The tree with a new criterion at the end of a group. Raises ``RuleBroken`` where there is none to add to."""
    changed = copy.deepcopy(tree)
    if len(outline(changed)) >= MOST_CRITERIA:
        raise RuleBroken("เกณฑ์ชุดหนึ่งมีได้ไม่เกิน %(most)s ข้อ", most=MOST_CRITERIA)
    _children(changed, parent_id).append(copy.deepcopy(node))
    return changed


def replaced(tree: Document, node_id: str, values: Document) -> Document:
    """The tree with the own part of one criterion changed; what stands below it stays."""
    changed = copy.deepcopy(tree)
    node = row_of(changed, node_id).node
    children = node.get("of")
    node.clear()
    node.update(copy.deepcopy(values))
    if values["kind"] in GROUPS:
        node["of"] = children or []
    return changed


def removed(tree: Document, node_id: str) -> Document:
    """The tree without a criterion and everything below it. The root stays."""
    changed = copy.deepcopy(tree)
    row = row_of(changed, node_id)
    if row.parent is None:
        raise RuleBroken("ลบข้อนอกสุดไม่ได้ เพราะเกณฑ์ทั้งหมดอยู่ในข้อนี้")
    _children(changed, row.parent).pop(row.place)
    return changed


def moved(tree: Document, node_id: str, *, down: bool) -> Document:
    """The tree with a criterion one place up or down within its group; at the end it stays where it is."""
    changed = copy.deepcopy(tree)
    row = row_of(changed, node_id)
    if row.parent is None:
        return changed
    siblings = _children(changed, row.parent)
    target = row.place + (1 if down else -1)
    if 0 <= target < len(siblings):
        siblings[row.place], siblings[target] = siblings[target], siblings[row.place]
    return changed


def put_into(tree: Document, node_id: str, group_id: str) -> Document:
    """The tree with a criterion at the end of another group. A group cannot stand inside itself: that is a cycle."""
    changed = copy.deepcopy(tree)
    row = row_of(changed, node_id)
    if row.parent is None:
        raise RuleBroken("ย้ายข้อนอกสุดไม่ได้ เพราะเกณฑ์ทั้งหมดอยู่ในข้อนี้")
    if any(below.node["id"] == group_id for below in outline(row.node)):
        raise RuleBroken("ย้ายกลุ่มเข้าไปในตัวเองหรือในข้อที่อยู่ใต้กลุ่มนั้นไม่ได้ เพราะเกณฑ์จะวนเป็นวงและตรวจไม่ได้")
    _children(changed, row.parent).pop(row.place)
    _children(changed, group_id).append(row.node)
    return changed


def _children(tree: Document, group_id: str) -> list[Document]:
    node = row_of(tree, group_id).node
    if node["kind"] not in GROUPS:
        raise RuleBroken("เพิ่มหรือย้ายเกณฑ์เข้าไปได้เฉพาะในกลุ่ม (ครบทุกข้อ ข้อใดข้อหนึ่ง หรืออย่างน้อยกี่ข้อ)")
    children: list[Document] = node.setdefault("of", [])
    return children


def id_from(name: str, kind: str, prefix: str, taken: set[str]) -> str:
    """An id made from a criterion's English name, unique in the tree: ``dd-years-as-assistant``."""
    words = re.findall(r"[a-z0-9]+", name.lower())
    few = [word for word in words if word not in _SMALL][:4] or [kind.replace("_", "-")]
    base = "-".join(part for part in (prefix, *few) if part)[: LONGEST_ID - 4].strip("-")
    if base not in taken:
        return base
    return next(made for n in range(2, MOST_CRITERIA + 3) if (made := f"{base}-{n}") not in taken)


_SMALL = frozenset(
    {
        "a",
        "an",
        "the",
        "of",
        "in",
        "at",
        "or",
        "and",
        "as",
        "to",
        "by",
        "for",
        "with",
        "is",
        "are",
        "was",
        "be",
        "been",
        "has",
        "have",
        "held",
        "holds",
        "least",
    }
)


def ids(tree: Document | None) -> set[str]:
    """The ids of a tree."""
    return {str(row.node["id"]) for row in outline(tree)} if tree else set()


def node_and_field(path: str) -> tuple[str, str]:
    """A problem's path as the path of its criterion and the name of the field: ``of[0].match.level``."""
    parts = path.split(".") if path else []
    own = [part for part in parts if not PART_OF_PATH.fullmatch(part)]
    return ".".join(part for part in parts if PART_OF_PATH.fullmatch(part)), ".".join(own)


def problems_by_criterion(tree: Document, problems: list[Problem]) -> dict[str, list[Problem]]:
    """What is wrong with each criterion, by its id (a broken id is told by the one of its group)."""
    at = {row.path: str(row.node["id"]) for row in outline(tree)}
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        path, _field = node_and_field(problem.path)
        found.setdefault(at.get(path, str(tree["id"])), []).append(problem)
    return found
