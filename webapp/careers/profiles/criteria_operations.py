"""The rule trees of a draft: criteria and the course's entry rule, one criterion at a time."""

import copy
from typing import Any

from sqlalchemy.orm import Session

from webapp.audit import Actor
from webapp.careers.criteria.tree import GROUPS, Problem, TreeHasProblems, problems
from webapp.careers.models import JobProfile
from webapp.careers.profiles import queries, rules, trees
from webapp.careers.profiles.operations import check_seen, write
from webapp.errors import NotFound, RuleBroken

Document = dict[str, Any]


def tree_of(profile: JobProfile, part: str) -> Document:
    """The tree of a part (``criteria`` or ``entry``). Raises ``NotFound`` where there is none."""
    tree = profile.document.get(rules.TREES[part])
    if not tree:
        raise NotFound()
    found: Document = tree
    return found


def start_entry_rule(session: Session, actor: Actor, profile: JobProfile, *, name_th: str, name_en: str) -> None:
    """Begin an entry rule of the course."""
    if profile.document.get("course_entry"):
        raise RuleBroken("ร่างนี้มีเกณฑ์เข้ารับการอบรมอยู่แล้ว")
    document = copy.deepcopy(profile.document)
    document["course_entry"] = rules.new_entry_tree(str(document["criteria"]["id"]), name_th, name_en)
    write(session, actor, profile, "start-entry", document, before=None, after=document["course_entry"])


def drop_entry_rule(session: Session, actor: Actor, profile: JobProfile, *, seen: str) -> None:
    """Take the entry rule out: the course then has none."""
    before = tree_of(profile, "entry")
    check_seen(before, seen)
    document = copy.deepcopy(profile.document)
    document["course_entry"] = None
    write(session, actor, profile, "drop-entry", document, before=before, after=None)


def add_criterion(
    session: Session, actor: Actor, profile: JobProfile, part: str, parent_id: str, *, values: Document
) -> str:
    """Add a criterion at the end of a group; its id is made from its name where none is given. Returns the id.

    Raises ``TreeHasProblems`` with what is wrong with the values.
    """
    tree = tree_of(profile, part)
    taken = _taken(profile)
    node = dict(values)
    if not node.get("id"):
        prefix = str(profile.document["criteria"]["id"])
        node["id"] = trees.id_from(str(node.get("name_en") or ""), str(node["kind"]), prefix, taken)
    _check(session, profile, node, taken)
    if node["kind"] in GROUPS:
        node["of"] = []
    _keep(session, actor, profile, part, "add-criterion", trees.added(tree, parent_id, node), None, node)
    return str(node["id"])


def change_criterion(
    session: Session, actor: Actor, profile: JobProfile, part: str, node_id: str, *, seen: str, values: Document
) -> str:
    """Change one criterion; what stands below it stays. Its id may change until it stands in a published version.

    Returns the id. Raises ``TreeHasProblems`` with what is wrong with the values.
    """
    tree = tree_of(profile, part)
    before = trees.own_part(trees.row_of(tree, node_id).node)
    check_seen(before, seen)
    node = {**values, "id": values.get("id") or node_id}
    if (node["kind"] in GROUPS) != (before["kind"] in GROUPS):
        raise RuleBroken("เปลี่ยนกลุ่มเป็นเกณฑ์เดี่ยว หรือกลับกันไม่ได้ ให้เพิ่มข้อใหม่แล้วลบข้อเดิม")
    if node["id"] != node_id and node_id in queries.published_ids(session, profile.post_id):
        raise RuleBroken("รหัสของเกณฑ์ที่เคยเผยแพร่แล้วเปลี่ยนไม่ได้ เพราะผลการพิจารณาที่ผ่านมาอ้างถึงรหัสนี้")
    _check(session, profile, node, _taken(profile) - {node_id})
    _keep(session, actor, profile, part, "change-criterion", trees.replaced(tree, node_id, node), before, node)
    return str(node["id"])


def move_criterion(session: Session, actor: Actor, profile: JobProfile, part: str, node_id: str, *, down: bool) -> None:
    """Move a criterion one place up or down within its group."""
    tree = trees.moved(tree_of(profile, part), node_id, down=down)
    _keep(session, actor, profile, part, "move-criterion", tree, node_id, "down" if down else "up")


def nest_criterion(
    session: Session, actor: Actor, profile: JobProfile, part: str, node_id: str, *, group_id: str
) -> None:
    """Move a criterion into another group; refused where that would make a cycle."""
    tree = tree_of(profile, part)
    before = trees.row_of(tree, node_id).parent
    _keep(session, actor, profile, part, "nest-criterion", trees.put_into(tree, node_id, group_id), before, group_id)


def remove_criterion(
    session: Session, actor: Actor, profile: JobProfile, part: str, node_id: str, *, seen: str
) -> None:
    """Take a criterion out, with everything below it."""
    tree = tree_of(profile, part)
    before = trees.row_of(tree, node_id).node
    check_seen(before, seen)
    _keep(session, actor, profile, part, "remove-criterion", trees.removed(tree, node_id), before, None)


def _taken(profile: JobProfile) -> set[str]:
    document = profile.document
    return trees.ids(document.get("criteria")) | trees.ids(document.get("course_entry"))


def _check(session: Session, profile: JobProfile, node: Document, taken: set[str]) -> None:
    """The values of one criterion by themselves: its codes, numbers and id. A group may still be empty in a draft."""
    known = rules.with_groups(queries.known(session), profile.document)
    is_group = node["kind"] in GROUPS
    alone = {**node, "of": [{"id": "x0-below", "kind": "competency"}]} if is_group else node
    found = [problem for problem in problems(alone, known) if not problem.path.startswith("of[")]
    if node["kind"] == "at_least":
        k = node.get("k")
        found = [p for p in found if not (p.path == "k" and isinstance(k, int) and k > 0)]
    if node["id"] in taken:
        found.append(Problem("id", "id-twice", {"found": node["id"]}))
    if found:
        raise TreeHasProblems(found)


def _keep(
    session: Session, actor: Actor, profile: JobProfile, part: str, action: str, tree: Document, before: Any, after: Any
) -> None:
    document = copy.deepcopy(profile.document)
    document[rules.TREES[part]] = tree
    write(session, actor, profile, action, document, before=before, after=after)
