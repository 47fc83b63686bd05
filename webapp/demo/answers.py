"""Invented answers that behave like real ones: the abler answer better, each question is as hard and as telling as it is."""

import datetime as dt
import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy.orm import Session

from webapp.assessments.bank.document import exact
from webapp.assessments.bank.responses import best_response, tidy
from webapp.assessments.exams.models import AttemptQuestion, EssayMark, Exam
from webapp.assessments.ranking.scores import plain
from webapp.demo.accounts import Desks

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Trait:
    """How a question behaves: how hard it is, how well it tells the able from the others, how often a guess is right."""

    hard: float
    telling: float
    guess: float


def traits_of(documents: Mapping[int, Document], chance: random.Random) -> dict[int, Trait]:
    """By question. One of them misleads the able, so that the statistics have something to point at."""
    guesses = {"single": 0.2, "true-false": 0.45, "matching": 0.1}
    found = {
        version: Trait(chance.gauss(-0.6, 0.9), chance.uniform(0.7, 1.7), guesses.get(document["type"], 0.02))
        for version, document in documents.items()
    }
    flawed = next((version for version, document in documents.items() if document["type"] == "single"), None)
    if flawed is not None:
        found[flawed] = Trait(0.4, -0.8, 0.1)
    return found


def knows(trait: Trait, ability: float, chance: random.Random) -> bool:
    """Whether somebody of this ability gets it (a logistic curve above the guess)."""
    at = 1 / (1 + math.exp(-1.7 * trait.telling * (ability - trait.hard)))
    return chance.random() < trait.guess + (1 - trait.guess) * at


def given(document: Document, trait: Trait, ability: float, chance: random.Random) -> dict[str, Any]:
    """An answer; empty where the question was left."""
    if document["type"] != "essay" and chance.random() < 0.02:
        return {}
    return tidy(document, _GIVEN[document["type"]](document, trait, ability, chance))


def right(document: Document) -> dict[str, Any]:
    """The answer that earns most."""
    if document["type"] == "essay":
        return {"text": ESSAY[0]}
    return best_response(document)


def _choice(document: Document, trait: Trait, ability: float, chance: random.Random) -> dict[str, Any]:
    best = best_response(document)["choice"]
    if knows(trait, ability, chance):
        return {"choice": best}
    wrong = [row["id"] for row in document["choices"] if row["id"] != best]
    return {"choice": chance.choices(wrong, [5, 3, 2, 1, 1, 1, 1, 1, 1][: len(wrong)])[0]}


def _several(document: Document, trait: Trait, ability: float, chance: random.Random) -> dict[str, Any]:
    chosen = [
        row["id"] for row in document["choices"] if (exact(row["fraction"]) > 0) == knows(trait, ability + 0.6, chance)
    ]
    return {"choices": chosen}


def _pairs(document: Document, trait: Trait, ability: float, chance: random.Random) -> dict[str, Any]:
    targets = [row["id"] for row in document["targets"]]
    pairs = [
        [pair[0], pair[1] if knows(trait, ability + 0.4, chance) else chance.choice(targets)]
        for pair in best_response(document)["pairs"]
    ]
    return {"pairs": pairs}


def _order(document: Document, trait: Trait, ability: float, chance: random.Random) -> dict[str, Any]:
    order = list(document["order"])
    for _turn in range(2):
        if not knows(trait, ability + 0.5, chance):
            place = chance.randrange(len(order) - 1)
            order[place], order[place + 1] = order[place + 1], order[place]
    return {"order": order}


def _number(document: Document, trait: Trait, ability: float, chance: random.Random) -> dict[str, Any]:
    best = best_response(document)["value"]
    if knows(trait, ability, chance):
        return {"value": best}
    number, _space, unit = best.partition(" ")
    value = float(number) * chance.choice([0.1, 0.5, 1.2, 10, 2])
    return {"value": f"{value:.2f}".rstrip("0").rstrip(".") + (f" {unit}" if unit else "")}


def _words(document: Document, trait: Trait, ability: float, chance: random.Random) -> dict[str, Any]:
    best = best_response(document)["text"]
    return {
        "text": best
        if knows(trait, ability, chance)
        else chance.choice(["ไม่แน่ใจ", "ผู้อำนวยการเขต", "สำนักงานเขต", "ระเบียบ กทม."])
    }


ESSAY = (
    "ปัญหาหลักคือน้ำท่วมขังในชุมชนริมคลองปีละ 9 ครั้ง ซึ่งสัมพันธ์กับขยะที่อุดตันทางระบายน้ำ จึงต้องแก้ทั้งสองเรื่องพร้อมกัน",
    "ตั้งเป้าหมายลดจำนวนครั้งที่น้ำท่วมขังจาก 9 เหลือไม่เกิน 5 ครั้งภายในหนึ่งปี และลดเวลาท่วมขังเฉลี่ยลงครึ่งหนึ่ง",
    "โครงการแรก ขุดลอกคูคลองและท่อระบายน้ำก่อนฤดูฝน ใช้งบประมาณ 3 ล้านบาท ทำในจุดที่ท่วมซ้ำมากที่สุดก่อน",
    "โครงการที่สอง จุดรวมขยะริมคลองพร้อมอาสาสมัครชุมชน ใช้งบประมาณ 1.5 ล้านบาท วัดจากปริมาณขยะที่เก็บได้และข้อร้องเรียนที่ลดลง",
    "โครงการที่สาม ระบบแจ้งเตือนระดับน้ำและเครื่องสูบน้ำเคลื่อนที่ ใช้งบประมาณ 1.5 ล้านบาท ประสานสำนักการระบายน้ำ",
    "ประชุมกับกรรมการชุมชนทั้ง 12 แห่งเพื่อทำข้อตกลงเรื่องเวลาทิ้งขยะ และตั้งคณะทำงานร่วมติดตามผลทุกเดือน",
    "รายงานผลต่อผู้บังคับบัญชาและเผยแพร่ให้ประชาชนทราบทุกไตรมาส หากตัวชี้วัดไม่เป็นไปตามแผนให้ปรับกิจกรรม",
    "จะรับฟังปัญหาจากประชาชนและดำเนินการแก้ไขโดยเร็ว",
)


def _essay(_document: Document, _trait: Trait, ability: float, chance: random.Random) -> dict[str, Any]:
    if chance.random() < 0.03:
        return {}
    count = max(1, min(7, round(4 + 1.4 * ability + chance.gauss(0, 0.8))))
    told = sorted(chance.sample(range(7), count))
    return {"text": "\n\n".join(ESSAY[number] for number in told) if count > 1 else ESSAY[7]}


_GIVEN = {
    "single": _choice, "true-false": _choice, "multiple": _several, "matching": _pairs, "ordering": _order,
    "numeric": _number, "text": _words, "essay": _essay,
}  # fmt: skip


def mark_essays(
    session: Session, exam: Exam, desks: Desks, chance: random.Random, sittings: list[Any],
    papers: Mapping[int, list[AttemptQuestion]], documents: Mapping[int, Document],
) -> None:  # fmt: skip
    """Two markers' marks of every essay; where they differ too much, the mark that both agreed on."""
    pair = [desks.actors[email] for email in ("assessor@kaona.example", "assessor2@kaona.example")]
    for sitting in sittings:
        for question in papers[sitting.candidate.id]:
            document = documents[question.version_id]
            if document["type"] != "essay":
                continue
            first, second = (_points(document, sitting.ability + chance.gauss(0, 0.45), chance) for _marker in pair)
            whole = exact(document["points"])
            given_ = [("first", pair[0], first), ("second", pair[1], second)]
            if abs(sum(first.values()) - sum(second.values())) * 100 > Fraction(exam.essay_threshold) * whole:
                agreed = {line: (first[line] + second[line]) / 2 for line in first}
                given_ += [("agreed", pair[0], agreed), ("agreed", pair[1], agreed)]
            for day, (part, marker, marks) in enumerate(given_):
                session.add(EssayMark(
                    question_id=question.id, part=part, marks={line: plain(value) for line, value in marks.items()},
                    marker=marker.name, marker_id=marker.account_id,
                    marked_at=sitting.ended + dt.timedelta(days=1 + day),
                ))  # fmt: skip
    session.flush()


def _points(document: Document, ability: float, chance: random.Random) -> dict[str, Fraction]:
    """Points by rubric line, in halves."""
    found = {}
    for row in document["rubric"]:
        most = exact(row["points"])
        share = max(0.1, min(1.0, 0.62 + 0.13 * ability + chance.gauss(0, 0.07)))
        found[row["id"]] = Fraction(round(share * float(most) * 2), 2)
    return found
