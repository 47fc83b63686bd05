"""The demonstration's question bank: invented questions from ``items.yaml``, written by one and approved by another."""

import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.assessments.bank import operations, queries, shelves
from webapp.assessments.bank.models import Item, ItemAuthor, ItemCategory, ItemReview, ItemTag, ItemVersion
from webapp.assessments.ranking.scores import plain
from webapp.audit import SYSTEM, Actor
from webapp.demo.accounts import Desks

SEED = 2569_04
SOURCE = Path(__file__).with_name("items.yaml")
ORIGIN = "ข้อมูลสมมติ"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
LETTERS = "abcdefghij"


def fill(session: Session, desks: Desks) -> int:
    """Write every item of ``items.yaml`` and return how many: two colleagues wrote in turn and reviewed each other's.

    Row by row through the operations this would be a third of the whole demonstration's time; so the rows are added as they
    would have become, with one entry in the audit log.
    """
    chance = random.Random(SEED)
    source = yaml.load(SOURCE.read_text(encoding="utf-8"), Loader=LOADER)
    shelf = _shelf(session, desks.staff, source["categories"])
    pair = (desks.staff, desks.second)
    rows = [(row, *(pair if number % 3 else pair[::-1])) for number, row in enumerate(source["items"])]
    items = [_item(shelf, row, author) for row, author, _reviewer in rows]
    session.add_all(items)
    session.flush()
    versions = []
    for item, (row, author, reviewer) in zip(items, rows, strict=True):
        item.code = f"Q-{item.id:05d}"
        versions.append(_version(item, row, author, reviewer, chance))
    session.add_all(versions)
    session.flush()
    for version, (row, author, reviewer) in zip(versions, rows, strict=True):
        session.add(ItemAuthor(version_id=version.id, name=author.name, account_id=author.account_id))
        _reviewed(session, version, row, reviewer)
        session.add_all(ItemTag(item_id=version.item_id, kind="topic", value=topic) for topic in row.get("topic", ()))
        if "skill" in row:
            session.add(ItemTag(item_id=version.item_id, kind="competency", value=row["skill"]))
    session.flush()
    audit.append(session, SYSTEM, "assessments:item:load", "Item", SOURCE.name, after={"items": len(items)})
    _new_version(session, desks)
    return len(items)


def _item(shelf: dict[str, ItemCategory], row: dict[str, Any], author: Actor) -> Item:
    return Item(
        code=f"{id(row)}", category_id=shelf[row["in"]].id, origin=ORIGIN, created_by=author.name,
        created_by_id=author.account_id, created_at=clock.now(),
    )  # fmt: skip


def _version(item: Item, row: dict[str, Any], author: Actor, reviewer: Actor, chance: random.Random) -> ItemVersion:
    now, status = clock.now(), row.get("status", "approved")
    version = ItemVersion(
        item_id=item.id, number=1, status=status, made_by=author.name, made_by_id=author.account_id, made_at=now,
        changed_at=now,
    )  # fmt: skip
    if status != "draft":
        version.submitted_by, version.submitted_at = author.name, now
    if status == "approved":
        version.approved_by, version.approved_at = reviewer.name, now
    operations.put_document(version, document_of(row, chance))
    return version


def _reviewed(session: Session, version: ItemVersion, row: dict[str, Any], reviewer: Actor) -> None:
    if version.status in ("approved", "returned"):
        review = ItemReview(
            version_id=version.id, decision=version.status, note=row.get("note", ""), reviewer=reviewer.name,
            reviewer_id=reviewer.account_id, reviewed_at=clock.now(),
        )  # fmt: skip
        session.add(review)


def _shelf(session: Session, actor: Actor, rows: list[dict[str, str]]) -> dict[str, ItemCategory]:
    shelf: dict[str, ItemCategory] = {}
    for row in rows:
        parent = shelf.get(row.get("under", ""))
        shelf[row["key"]] = shelves.add_category(
            session, actor, name_th=row["th"], name_en=row["en"], parent=parent, recorded=False
        )
    return shelf


def _new_version(session: Session, desks: Desks) -> None:
    """One approved item has a new version in review, so that there is a history to see."""
    version = queries.approved_versions(session)[2]
    document = {**version.document, "feedback_th": "มาจากการเลือกตั้งโดยตรงของประชาชนในกรุงเทพมหานคร"}
    operations.change_item(
        session,
        desks.second,
        version.item,
        document,
        based_on=version.digest,
        reason="เพิ่มคำอธิบายหลังสอบตามข้อเสนอของวิทยากร",
    )
    operations.submit(session, desks.second, version.item)


def document_of(row: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The item document of one row of ``items.yaml``."""
    english = row.get("en", {})
    document: dict[str, Any] = {
        "type": row["kind"], "points": str(row.get("points", 1)), "feedback_th": row.get("why", ""),
        "stem_th": "".join(f"<p>{block}</p>" for block in row["q"].split("\n\n")), "stem_en": english.get("q", ""),
        "scoring": {"rule": row["rule"]} if "rule" in row else {},
    }  # fmt: skip
    return document | _KINDS[row["kind"]](row, english, chance)


def _choices(row: dict[str, Any], english: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    several = row["kind"] == "multiple"
    right = row["right"] if several else [row["right"]]
    right_en = english.get("right", "")
    texts = list(zip(right, [right_en] if right_en else [""] * len(right), strict=True))
    texts += zip(row["wrong"], english.get("wrong", [""] * len(row["wrong"])), strict=True)
    share = Fraction(1, len(right))
    wrong = -share if several and row.get("rule") != "all-or-nothing" else Fraction(0)
    shares = [share] * len(right) + [wrong] * len(row["wrong"])
    if row.get("partial"):
        shares[1] = Fraction(1, 4)
    rows = [
        {"text_th": str(thai), "text_en": str(other), "fraction": plain(worth)}
        for (thai, other), worth in zip(texts, shares, strict=True)
    ]
    chance.shuffle(rows)
    return {"choices": [{"id": letter, **made} for letter, made in zip(LETTERS, rows, strict=False)]}


def _true_false(row: dict[str, Any], _english: dict[str, Any], _chance: random.Random) -> dict[str, Any]:
    return {"choices": [{"id": "true", "fraction": str(int(row["right"]))},
                        {"id": "false", "fraction": str(int(not row["right"]))}]}  # fmt: skip


def _matching(row: dict[str, Any], _english: dict[str, Any], _chance: random.Random) -> dict[str, Any]:
    pairs = list(row["pairs"].items())
    targets = [target for _source, target in pairs] + row.get("extra", [])
    share = plain(Fraction(1, len(pairs)))
    return {
        "sources": [{"id": f"s{n}", "text_th": source} for n, (source, _target) in enumerate(pairs)],
        "targets": [{"id": f"t{n}", "text_th": target} for n, target in enumerate(targets)],
        "pairs": [{"source": f"s{n}", "target": f"t{n}", "fraction": share} for n in range(len(pairs))],
    }


def _ordering(row: dict[str, Any], _english: dict[str, Any], _chance: random.Random) -> dict[str, Any]:
    entries = [{"id": f"e{n}", "text_th": text} for n, text in enumerate(row["order"])]
    return {"entries": entries, "order": [entry["id"] for entry in entries],
            "scoring": {"rule": row.get("rule", "position")}}  # fmt: skip


def _numeric(row: dict[str, Any], _english: dict[str, Any], _chance: random.Random) -> dict[str, Any]:
    within = str(row.get("within", 0))
    answer = {"value": str(row["value"]), "mode": "absolute", "below": within, "above": within}
    units = [{"text": row["unit"]}] if "unit" in row else []
    for line in row.get("units", ()):
        text, _equals, factor = line.partition(" = ")
        units.append({"text": text, "factor": factor})
    return {"answers": [answer], "units": units, "unit_required": row.get("required", False)}


def _text(row: dict[str, Any], _english: dict[str, Any], _chance: random.Random) -> dict[str, Any]:
    answers = []
    for line in row["accept"]:
        text, _equals, share = line.partition("=")
        answers.append({"text": text, "fraction": share or "1"})
    return {"answers": answers}


def _essay(row: dict[str, Any], _english: dict[str, Any], _chance: random.Random) -> dict[str, Any]:
    levels = (
        ("ครบถ้วน มีเหตุผลและนำไปใช้ได้จริง", Fraction(1)),
        ("ถูกต้องบางส่วน", Fraction(1, 2)),
        ("ไม่ตอบหรือไม่ตรงประเด็น", Fraction(0)),
    )
    rubric = [
        {"id": f"r{n}", "name_th": name, "points": str(points),
         "levels": [{"points": plain(points * share), "text_th": words} for words, share in levels]}
        for n, (name, points) in enumerate(row["rubric"].items(), 1)
    ]  # fmt: skip
    least, most = row["words"]
    return {"rubric": rubric, "model_th": row["model"], "min_words": least, "max_words": most, "lines": 20}


_KINDS = {
    "single": _choices, "multiple": _choices, "true-false": _true_false, "matching": _matching, "ordering": _ordering,
    "numeric": _numeric, "text": _text, "essay": _essay,
}  # fmt: skip
