"""About 2,500 invented officers in the 50 real district offices, the bureaus and their posts; the same every time."""

import datetime as dt
import random
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from webapp import thai
from webapp.assessments.models import CompetencyRating
from webapp.careers.models import Competency, Course, Post, Unit
from webapp.demo import careers
from webapp.demo.careers import DAY, Spell
from webapp.demo.names import FAMILY_NAMES, MEN_NAMES, WOMEN_NAMES
from webapp.officers.models import (
    Delegation,
    EvidencedWork,
    Officer,
    Posting,
    TrainingRecord,
    officer_qualification,
)

SEED = 2562
SIZE = 2500
SOURCE = "ข้อมูลสาธิต (สมมติ)"
STAMP = dt.datetime(2026, 10, 1, 2, 0, tzinfo=dt.UTC)

WORKS = (
    "โครงการลดขั้นตอนการขออนุญาตก่อสร้างอาคาร", "ระบบนัดหมายงานทะเบียนราษฎรล่วงหน้า", "โครงการคัดแยกขยะต้นทางในชุมชน",
    "แผนจัดเก็บภาษีที่ดินและสิ่งปลูกสร้างเชิงรุก", "โครงการจัดระเบียบหาบเร่แผงลอยอย่างมีส่วนร่วม", "สวน 15 นาทีบนพื้นที่ว่างของรัฐ",
    "ศูนย์ดูแลผู้สูงอายุในชุมชน", "แผนที่จุดเสี่ยงน้ำท่วมระดับซอย", "คู่มือตรวจสุขาภิบาลร้านอาหาร", "โครงการโรงเรียนสองภาษาในสังกัด",
    "ระบบติดตามเรื่องร้องเรียนของเขต", "โครงการปรับปรุงทางเท้าเพื่อทุกคน",
)  # fmt: skip
TARGETS = ("district-director", "assistant-district-director", "section-head")
MANAGERIAL = ("district-director", "assistant-district-director", "division-director", "bureau-secretary")


@dataclass
class Person:
    """One invented officer with their career, before it is written."""

    row: dict[str, Any]
    spells: list[Spell]
    delegations: list[dict[str, Any]] = field(default_factory=list)

    @property
    def posts(self) -> set[str]:
        return {spell.post for spell in self.spells if not spell.acting}

    @property
    def now(self) -> Spell:
        return next(spell for spell in reversed(self.spells) if spell.ended_on is None and not spell.acting)


def people(chance: random.Random, districts: list[str], bureaus: list[str]) -> list[Person]:
    """Everybody, post by post; some seats of every kind stay empty."""
    made: list[Person] = []

    def add(youngest: int, oldest: int, way: Any) -> None:
        born, entered = careers.born_and_entered(chance, youngest, oldest)
        career = careers.spells(chance, entered, way)
        made.append(Person(_row(chance, len(made), born, entered), career, careers.delegations(chance, career)))

    for district in districts:
        if chance.random() < 0.93:
            add(
                50,
                59,
                careers.way_to(
                    chance, "district-director", district, chance.choice(careers.SECTIONS), districts, bureaus
                ),
            )
        for _seat in range(2):
            if chance.random() < 0.93:
                add(
                    44,
                    59,
                    careers.way_to(
                        chance,
                        "assistant-district-director",
                        district,
                        chance.choice(careers.SECTIONS),
                        districts,
                        bureaus,
                    ),
                )
        for section in careers.SECTIONS:
            if chance.random() < 0.95:
                add(36, 58, careers.way_to(chance, "section-head", district, section, districts, bureaus))
    for bureau in bureaus:
        for post, kind, count in _bureau_seats(chance):
            for _seat in range(count):
                add(
                    *_ages(post, kind),
                    careers.way_in_bureau(chance, post, kind, bureau, chance.choice(careers.SECTIONS)),
                )
    while len(made) < SIZE:
        district = chance.choice(districts)
        if chance.random() < 0.55:
            steps = careers.early_years(chance, districts, chance.choice(careers.SECTIONS))
            young = chance.random() < 0.45
            add(*((24, 34) if young else (32, 52)), steps[:1] if young else steps)
        else:
            level = chance.choices(("operational", "experienced", "senior"), (4, 4, 3))[0]
            ages = {"operational": (23, 33), "experienced": (33, 50), "senior": (44, 58)}[level]
            add(*ages, careers.way_in_general(chance, level, district, districts))
    _act_for_the_vacant(chance, made, districts)
    return made


def _bureau_seats(chance: random.Random) -> list[tuple[str, tuple[str, str], int]]:
    scholar = careers.SCHOLARS[chance.choice(careers.SECTIONS)]
    return [
        ("bureau-director", ("executive", "high"), 1),
        ("deputy-bureau-director", ("executive", "primary"), 2),
        ("division-director", ("managerial", "primary"), 5),
        ("bureau-secretary", ("managerial", "primary"), 1),
        ("bureau-section-head", ("knowledge", "senior-professional"), 12),
        ("bureau-senior-officer", ("general", "senior"), 5),
        (scholar, ("knowledge", "professional"), 10),
        ("plan-analyst", ("knowledge", "practitioner"), 4),
    ]


def _ages(post: str, kind: tuple[str, str]) -> tuple[int, int]:
    if kind[0] == "executive":
        return 52, 59
    if kind[0] == "managerial":
        return 44, 59
    return {"senior-professional": (38, 57), "senior": (44, 58), "professional": (32, 50)}.get(kind[1], (24, 33))


def _act_for_the_vacant(chance: random.Random, made: list[Person], districts: list[str]) -> None:
    """Where a district has no director, one of its assistants acts."""
    led = {person.now.unit for person in made if person.now.post == "district-director"}
    for district in districts:
        assistants = [p for p in made if p.now.post == "assistant-district-director" and p.now.unit == district]
        if district not in led and assistants:
            begun = max(DAY - dt.timedelta(days=chance.randint(60, 400)), assistants[0].now.started_on)
            assistants[0].spells.append(
                Spell("district-director", "managerial", "high", district, None, begun, None, acting=True)
            )


def _row(chance: random.Random, index: int, born: dt.date, entered: dt.date) -> dict[str, Any]:
    woman = chance.random() < 0.52
    given, given_en = chance.choice(WOMEN_NAMES if woman else MEN_NAMES)
    family, family_en = chance.choice(FAMILY_NAMES)
    title = chance.choice(("นาง", "นางสาว")) if woman else "นาย"
    number = str(10001 + index)
    return {
        "officer_no": number, "title": title, "given_name": given, "family_name": family,
        "name_en": f"{given_en} {family_en}", "sort_key": thai.sort_key(f"{given} {family}"),
        "national_id": _national_id(chance), "birth_date": born, "entry_date": entered,
        "sex": "f" if woman else "m", "email": f"{given_en.lower()}.{family_en[:3].lower()}.{number}@kaona.example",
    }  # fmt: skip


def _national_id(chance: random.Random) -> str:
    """An invented number with a right check digit, of a province code that does not exist."""
    digits = "399" + "".join(str(chance.randint(0, 9)) for _ in range(9))
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(13, 1, -1), strict=True))
    return digits + str((11 - total % 11) % 10)


def write(session: Session) -> dict[str, int]:
    """Write everybody set-wise; returns how many rows of each kind."""
    chance = random.Random(SEED)
    units = dict(session.execute(select(Unit.code, Unit.id)).all())
    districts = sorted(code for code in units if code.startswith("BMA-D"))
    bureaus = sorted(code for code in units if code.startswith("BMA-B"))
    everybody = people(chance, districts, bureaus)
    session.execute(insert(Officer), [person.row for person in everybody])
    ids = dict(session.execute(select(Officer.officer_no, Officer.id)).all())
    known = Known(
        ids, units, dict(session.execute(select(Post.code, Post.id)).all()),
        dict(session.execute(select(Course.code, Course.id)).all()),
        list(session.scalars(select(Competency.code).order_by(Competency.code))),
    )  # fmt: skip
    rows = {
        Posting: _postings(everybody, known), Delegation: _delegations(everybody, known),
        TrainingRecord: _training(chance, everybody, known), EvidencedWork: _works(chance, everybody, known),
        CompetencyRating: _ratings(chance, everybody, known),
    }  # fmt: skip
    for table, values in rows.items():
        session.execute(insert(table), values)
    session.execute(insert(officer_qualification), _qualifications(chance, everybody, known))
    _supervisors(session, everybody, known)
    return {"officers": len(everybody), **{table.__tablename__: len(values) for table, values in rows.items()}}


@dataclass(frozen=True)
class Known:
    """Ids of what the invented people refer to."""

    officers: dict[str, int]
    units: dict[str, int]
    posts: dict[str, int]
    courses: dict[str, int]
    competencies: list[str]

    def fact(self, person: Person, **values: Any) -> dict[str, Any]:
        return {
            "officer_id": self.officers[person.row["officer_no"]], "entered_by": SOURCE, "entered_at": STAMP, **values
        }  # fmt: skip


def _postings(everybody: list[Person], known: Known) -> list[dict[str, Any]]:
    return [
        known.fact(
            person, post_id=known.posts[spell.post], position_type=spell.position_type, level=spell.level,
            unit_id=known.units[spell.unit], section_code=spell.section, started_on=spell.started_on,
            ended_on=spell.ended_on, acting=spell.acting,
            order_ref=f"กท {100 + known.units[spell.unit]}/{spell.started_on.year + 543}",
        )
        for person in everybody for spell in person.spells
    ]  # fmt: skip


def _delegations(everybody: list[Person], known: Known) -> list[dict[str, Any]]:
    return [
        known.fact(
            person, unit_id=known.units[row["unit"]], section_code=row["section"], started_on=row["started_on"],
            ended_on=row["ended_on"], order_ref=f"สนข. {known.units[row['unit']]}/{row['started_on'].year + 543}",
        )
        for person in everybody for row in person.delegations
    ]  # fmt: skip


def _training(chance: random.Random, everybody: list[Person], known: Known) -> list[dict[str, Any]]:
    junior = ["junior-metropolitan-administrator"] * 6 + [
        "junior-administrator-bma-accepted", "junior-administrator-ocsc", "junior-administrator-ocsc-accepted",
    ]  # fmt: skip
    rows = []
    for person in everybody:
        first = {spell.post: spell.started_on for spell in reversed(person.spells) if not spell.acting}
        wanted = [(chance.choice(junior), first.get("section-head") or first.get("bureau-section-head"))]
        if "district-director" in first:
            wanted.append(("district-director-course", first["district-director"]))
        elif chance.random() < 0.3 and "assistant-district-director" in first:
            wanted.append(("district-director-course", DAY))
        if "assistant-district-director" in first:
            wanted.append(("assistant-district-director-course", first["assistant-district-director"]))
        for course, before in wanted:
            if before is None or chance.random() < 0.08:
                continue
            day = before - dt.timedelta(days=chance.randint(90, 500))
            rows.append(
                known.fact(
                    person,
                    course_id=known.courses[course],
                    completed_on=day,
                    result="passed",
                    institution="สถาบันพัฒนาข้าราชการกรุงเทพมหานคร",
                )
            )
    return rows


def _works(chance: random.Random, everybody: list[Person], known: Known) -> list[dict[str, Any]]:
    rows = []
    for person in everybody:
        if not person.posts & {*TARGETS, "bureau-section-head", "division-director", "bureau-senior-officer"}:
            continue
        for title in chance.sample(WORKS, chance.choice((0, 0, 1, 1, 2))):
            done = DAY - dt.timedelta(days=chance.randint(200, 3000))
            verified = chance.random() < 0.7
            rows.append(known.fact(
                person, title=title, done_on=done, category="งานพัฒนาเมือง",
                verified_by="คณะกรรมการตรวจผลงาน" if verified else "",
                verified_on=done + dt.timedelta(days=90) if verified else None,
            ))  # fmt: skip
    return rows


def _ratings(chance: random.Random, everybody: list[Person], known: Known) -> list[dict[str, Any]]:
    rows = []
    for person in everybody:
        now = person.now.post
        if now not in TARGETS and now not in ("bureau-section-head", "division-director"):
            continue
        if chance.random() < 0.25:
            continue
        day = dt.date(2026, chance.randint(2, 9), chance.randint(1, 28))
        center = {"district-director": 4, "assistant-district-director": 4}.get(now, 3)
        base = center + chance.choices((-1, 0, 1), (2, 6, 2))[0]
        usual = [min(5, base + chance.choices((-1, 0, 1), (1, 12, 4))[0]) for _code in known.competencies]
        rows += [
            known.fact(
                person, competency_code=code, rating=max(1, rating), rated_on=day,
                method="แบบประเมินสมรรถนะประจำปี", assessor="ผู้บังคับบัญชาชั้นต้น", released_at=STAMP, released_by=SOURCE,
            )
            for code, rating in zip(known.competencies, usual, strict=True)
        ]  # fmt: skip
    return rows


def _qualifications(chance: random.Random, everybody: list[Person], known: Known) -> list[dict[str, Any]]:
    rows = []
    for person in everybody:
        codes = set()
        if person.posts & {"district-director"} or (
            "assistant-district-director" in person.posts and chance.random() < 0.8
        ):
            codes |= {"standard-managerial-high", "standard-managerial-primary"}
        elif person.posts & set(MANAGERIAL) or (
            person.posts & {"section-head", "bureau-section-head"} and chance.random() < 0.7
        ):
            codes.add("standard-managerial-primary")
        if person.now.level in ("professional", "senior-professional", "senior") and chance.random() < 0.85:
            codes.add("standard-section-head")
        rows += [
            {"officer_id": known.officers[person.row["officer_no"]], "qualification_code": code}
            for code in sorted(codes)
        ]
    return rows


def _supervisors(session: Session, everybody: list[Person], known: Known) -> None:
    """Section heads and assistants of a district report to its director."""
    leaders = {p.now.unit: known.officers[p.row["officer_no"]] for p in everybody if p.now.post == "district-director"}
    changes = [
        {"id": known.officers[person.row["officer_no"]], "supervisor_id": leaders[person.now.unit]}
        for person in everybody
        if person.now.post in TARGETS[1:] and person.now.unit in leaders
    ]
    session.execute(update(Officer), changes)
