"""Decisions about job profiles: what a draft still lacks, who may publish it, and what its parts must have. Pure."""

import copy
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.careers.criteria.tree import PARAMETER, Known, Problem, problems, tree_from, unexplained
from webapp.careers.profiles import trees
from webapp.errors import RuleBroken
from webapp.thai import arabic_digits

Document = dict[str, Any]

TEXT_PARTS = ("duties", "nature", "characteristics", "development")
TREES = {"criteria": "criteria", "entry": "course_entry"}
"""How a tree is called in addresses, and where it stands in the document."""

COMPETENCY_CODE = re.compile(r"(?=.{1,40}$)[a-z0-9]+(-[a-z0-9]+)*")

MOST_ITEMS = 60
"""Texts of one part: several printed pages."""


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing a draft lacks before it can be published: where (part, and criterion or competency in it) and what."""

    part: str
    what: str
    key: str = ""
    problem: Problem | None = None


def empty_document(prefix: str, name_th: str, name_en: str) -> Document:
    """The document of a post that has no profile yet; ``prefix`` begins the ids of its criteria."""
    return {
        **{part: [] for part in TEXT_PARTS},
        "competencies": [],
        "criteria": {
            "id": prefix, "kind": "all", "of": [],
            "name_th": f"เกณฑ์การพิจารณาคัดเลือกเบื้องต้น ตำแหน่ง{name_th}",
            "name_en": f"Preliminary criteria of the post of {name_en}" if name_en else "",
        },
        "course": None,
        "course_entry": None,
    }  # fmt: skip


def new_entry_tree(prefix: str, name_th: str, name_en: str) -> Document:
    """An entry rule of the course, to be filled."""
    return {
        "id": f"{prefix}-entry", "kind": "all", "of": [], "name_th": f"คุณสมบัติของผู้เข้ารับการอบรม {name_th}".strip(),
        "name_en": f"Entry to the course {name_en}".strip(),
    }  # fmt: skip


def draft_from(document: Document) -> Document:
    """A draft that begins as a copy of a published document; it is nobody's shipped text any more."""
    copied = copy.deepcopy(document)
    copied.pop("shipped", None)
    for row in copied["competencies"]:
        row.pop("version", None)
    return copied


def prefix_of(post_code: str) -> str:
    """What the ids of a post's criteria begin with: the first letters of its code's words (``dd``)."""
    words = [
        word
        for word in "".join(c if c.isascii() and c.isalnum() else "-" for c in post_code.lower()).split("-")
        if word
    ]
    return "".join(word[0] for word in words) if len(words) > 1 else (words[0][:6] if words else "post")


def lacks(document: Document, reason: str, known: Known) -> list[Lack]:
    """Everything that keeps a draft from being published, in the order of the form.

    A criterion needs a reason and a source (domain §3, minutes 7.3), a competency the expected level, how it is
    measured and by whom (7.2, remark 6), and every tree must be one that can be judged.
    """
    found = [] if reason.strip() else [Lack("version", "reason")]
    found += [Lack(part, "empty") for part in ("duties", "nature") if not document.get(part)]
    found += _of_competencies(document.get("competencies") or [])
    known = with_groups(known, document)
    found += _of_tree("criteria", document.get("criteria"), known)
    if document.get("course_entry"):
        found += _of_tree("entry", document["course_entry"], known)
    if not document.get("development"):
        found.append(Lack("development", "empty"))
    return found


NUMBER = re.compile(r"\d+(?:\.\d+)?")


def says_another_number(node: Document) -> bool:
    """Whether a criterion's own sentence names numbers, and the one it is judged by is not among them."""
    wanted = node.get(PARAMETER.get(str(node.get("kind")), ""))
    named = NUMBER.findall(arabic_digits(str(node.get("name_th") or "")))
    return wanted not in (None, 0) and bool(named) and str(wanted) not in named


def with_groups(known: Known, document: Document) -> Known:
    """The known codes, with the competency groups that the draft's own competencies belong to."""
    groups = frozenset(str(row["group"]) for row in document.get("competencies") or ())
    return Known(
        known.posts, known.grades, known.unit_kinds, known.qualifications, known.courses, groups=groups
    )  # fmt: skip


def _of_competencies(rows: Sequence[Document]) -> Iterable[Lack]:
    if not rows:
        yield Lack("competencies", "empty")
    for row in rows:
        for name in ("method", "assessor"):
            if not str(row.get(f"{name}_th") or "").strip():
                yield Lack("competencies", name, key=str(row["competency"]))


def _of_tree(part: str, tree: Document | None, known: Known) -> list[Lack]:
    if not tree:
        return [Lack(part, "empty")]
    found = problems(tree, known)
    if found:
        at = trees.problems_by_criterion(tree, found)
        return [Lack(part, "problem", key=key, problem=one) for key, many in at.items() for one in many]
    missing = [Lack(part, what, key=key) for key, what in unexplained(tree_from(tree))]
    missing += [
        Lack(part, "name", key=str(row.node["id"]))
        for row in trees.outline(tree)
        if not str(row.node.get("name_th") or "").strip()
    ]
    return missing


def check_second_person(editors: Sequence[Document], account_id: int | None, name: str) -> None:
    """Nobody publishes a draft they wrote in (access: publish needs a second person)."""
    if account_id is None:
        raise RuleBroken("การเผยแพร่ต้องทำโดยผู้ที่ลงชื่อเข้าใช้ในหน้าเว็บ เพื่อให้รู้ว่าใครเป็นผู้เผยแพร่")
    if wrote(editors, account_id):
        raise RuleBroken("ท่านเป็นผู้ร่างหรือแก้ไขร่างนี้ จึงเผยแพร่เองไม่ได้ ให้เจ้าหน้าที่สำนักงาน ก.ก. อีกคนหนึ่งตรวจและเผยแพร่")


def wrote(editors: Sequence[Document], account_id: int | None) -> bool:
    """Whether this account wrote in the draft."""
    return any(row.get("account") == account_id for row in editors)


def check_text(values: Document) -> None:
    """A duty, a trait or a step needs its Thai text."""
    if not values.get("name_th", "").strip():
        raise RuleBroken("ต้องมีข้อความภาษาไทย")


def check_expected(competency: str, level: int, known: Iterable[str]) -> None:
    """An expected competency is one that exists, at a level from 1 to 5."""
    if competency not in set(known):
        raise RuleBroken("ไม่มีสมรรถนะรหัส “%(code)s” เลือกจากรายการ หรือเพิ่มในหน้ารายการสมรรถนะก่อน", code=competency)
    if not 1 <= level <= 5:
        raise RuleBroken("ระดับที่คาดหวังต้องอยู่ระหว่าง 1 ถึง 5")


def check_indicators(levels: Sequence[Document]) -> None:
    """A competency has five levels, each with at least one observable indicator in Thai."""
    if [level.get("level") for level in levels] != [1, 2, 3, 4, 5]:
        raise RuleBroken("สมรรถนะต้องมีครบ 5 ระดับ")
    for level in levels:
        if not level["indicators"] or not all(row["name_th"].strip() for row in level["indicators"]):
            raise RuleBroken("ระดับ %(level)s ต้องมีพฤติกรรมบ่งชี้ภาษาไทยอย่างน้อย 1 ข้อ", level=level["level"])


def check_competency_code(code: str) -> None:
    """A competency's code stands in files and addresses: small letters, digits and single hyphens."""
    if not COMPETENCY_CODE.fullmatch(code):
        raise RuleBroken("รหัสสมรรถนะใช้ตัวอักษรอังกฤษพิมพ์เล็ก ตัวเลข และขีดกลาง ไม่เกิน 40 ตัว เช่น risk-management")
