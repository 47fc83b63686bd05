"""A small invented service in the database, and the same people as plain dictionaries for the plain reading."""

import datetime as dt
import random

from sqlalchemy import select

from webapp import clock
from webapp.assessments.models import CompetencyRating
from webapp.careers.models import Competency, Course, Post, Unit
from webapp.officers.models import (
    Delegation,
    EvidencedWork,
    Officer,
    Posting,
    TrainingRecord,
    officer_qualification,
)
from webapp.officers.rules import retires_on

TODAY = dt.date(2026, 2, 28)
GRADES = {
    "district-director": [("managerial", "high")],
    "assistant-district-director": [("managerial", "primary")],
    "section-head": [("knowledge", "senior-professional"), ("knowledge", "professional"), ("general", "senior")],
    "bureau-section-head": [("knowledge", "senior-professional"), ("general", "senior")],
    "division-director": [("managerial", "primary")],
    "bureau-senior-officer": [("general", "senior")],
}
SECTIONS = ("administration", "registration", "public-works", "revenue", "education", "finance", "environment-sanitation",
            "cleansing-parks", "city-law-enforcement", "community-development")  # fmt: skip
EDGES = [(1966, 10, 1), (1966, 10, 2), (1965, 10, 2), (1966, 9, 30), (1966, 10, 1), (1967, 2, 28), (1968, 2, 29)]


def fill(session, seed=1, count=60):
    """Officers with careers that like edges; returns them as dictionaries, by officer number."""
    chance = random.Random(seed)
    ids = {
        model: {row.code: row.id for row in session.execute(select(model.code, model.id))}
        for model in (Post, Unit, Course)
    }
    kinds = {row.code: row.kind for row in session.execute(select(Unit.code, Unit.kind))}
    competencies = sorted(session.scalars(select(Competency.code)))
    people = {}
    for n in range(count):
        number = f"{chance.randrange(10**6):06d}-{n}"
        people[number] = person(chance, kinds, competencies)
        save(session, ids, number, people[number], chance)
    session.commit()
    return people


def near(chance, span=1500, lead=40):
    """A day, often exactly on an edge of the as-of day."""
    if chance.random() < 0.15:
        return TODAY + dt.timedelta(days=chance.choice([-1, 0, 1]))
    if chance.random() < 0.15:
        return chance.choice(
            [
                dt.date(2024, 2, 29),
                dt.date(2024, 3, 1),
                dt.date(2024, 2, 28),
                dt.date(2023, 10, 1),
                dt.date(2025, 1, 31),
            ]
        )
    return TODAY + dt.timedelta(days=chance.randint(-span, lead))


def person(chance, kinds, competencies):
    born = (
        dt.date(*chance.choice(EDGES))
        if chance.random() < 0.5
        else dt.date(1970, 1, 1) + dt.timedelta(days=chance.randrange(3000))
    )
    good = chance.random() < 0.5
    units = ["BMA-D01", "BMA-D02", "BMA-D03", "BMA-B01"]
    found = {
        "born": born, "retires": retires_on(born), "entry": TODAY if chance.random() < 0.05 else dt.date(1995, 1, 1),
        "left": chance.choice([None, None, None, None, TODAY, TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=200)]),
        "postings": [], "delegations": [], "works": [], "qualifications": [], "passes": [], "ratings": [],
    }  # fmt: skip
    for _ in range(chance.randint(0, 5)):
        post = chance.choice(sorted(GRADES))
        kind, level = chance.choice(GRADES[post])
        unit, first = chance.choice(units), near(chance)
        last = (
            None
            if chance.random() < 0.4
            else first + dt.timedelta(days=chance.choice([0, 30, 200, 364, 365, 729, 730, 731]))
        )
        found["postings"].append({"post": post, "type": kind, "level": level, "unit": unit, "kind": kinds[unit], "first": first,
                                  "last": last, "acting": chance.random() < 0.2})  # fmt: skip
    for section in chance.sample(SECTIONS, chance.choice([0, 3, 6, 7, 8])):
        found["delegations"].append({"section": section, "first": near(chance)})
    found["works"] = [near(chance) for _ in range(chance.choice([0, 0, 1, 2]))]
    standards = ["standard-managerial-high", "standard-managerial-primary", "standard-section-head"]
    found["qualifications"] = [code for code in standards if good or chance.random() < 0.5]
    for course in ("district-director-course", "assistant-district-director-course", "junior-administrator-ocsc"):
        if good or chance.random() < 0.4:
            found["passes"].append({"course": course, "day": near(chance, lead=0)})
    for code in competencies:
        for _ in range(chance.choice([1, 1, 2]) if good or chance.random() < 0.9 else 0):
            rating = chance.choice([4, 5]) if good else chance.randint(1, 5)
            found["ratings"].append({"competency": code, "rating": rating, "day": near(chance, 400, 0)})
    for name, key in (("postings", ("post", "unit", "first")), ("delegations", ("section", "first"))):
        found[name] = list({tuple(row[k] for k in key): row for row in found[name]}.values())
    return found


def save(session, ids, number, found, chance):
    stamp = {"entered_by": "ทดสอบ", "entered_at": clock.now()}
    officer = Officer(
        officer_no=number, given_name="ก", family_name="ข", sort_key=number, birth_date=found["born"],
        entry_date=found["entry"], left_on=found["left"],
    )  # fmt: skip
    session.add(officer)
    session.flush()
    mine = {"officer_id": officer.id, **stamp}
    rows = [
        Posting(post_id=ids[Post][p["post"]], unit_id=ids[Unit][p["unit"]], position_type=p["type"], level=p["level"],
                started_on=p["first"], ended_on=p["last"], acting=p["acting"], **mine) for p in found["postings"]
    ]  # fmt: skip
    unit = ids[Unit]["BMA-D01"]
    rows += [
        Delegation(section_code=d["section"], unit_id=unit, started_on=d["first"], **mine) for d in found["delegations"]
    ]
    for n, day in enumerate(found["works"]):
        done, verified = (
            (day, day - dt.timedelta(days=5)) if chance.random() < 0.5 else (day - dt.timedelta(days=5), day)
        )
        rows.append(EvidencedWork(title=f"งาน {n}", done_on=done, verified_by="ใคร", verified_on=verified, **mine))
    rows.append(
        EvidencedWork(title="ยังไม่รับรอง", done_on=dt.date(2020, 1, 1), verified_by="ใคร", verified_on=None, **mine)
    )
    rows += [
        TrainingRecord(course_id=ids[Course][t["course"]], completed_on=t["day"], result="passed", **mine)
        for t in found["passes"]
    ]
    rows += [
        CompetencyRating(
            competency_code=r["competency"],
            rating=r["rating"],
            rated_on=r["day"],
            method=f"วิธี {n}",
            released_at=clock.now(),
            released_by="ผู้ทดสอบ",
            **mine,
        )
        for n, r in enumerate(found["ratings"])
    ]
    session.add_all(rows)
    for code in found["qualifications"]:
        session.execute(officer_qualification.insert(), {"officer_id": officer.id, "qualification_code": code})


EQUIVALENTS = [
    ("junior-metropolitan-administrator", code, dt.date.min, dt.date.max)
    for code in ("junior-administrator-bma-accepted", "junior-administrator-ocsc", "junior-administrator-ocsc-accepted")
]


def serving(found, day):
    return found["entry"] <= day <= found["retires"] and (found["left"] is None or found["left"] >= day)


def holds(found, post, day):
    return any(
        p["post"] == post and not p["acting"] and p["first"] <= day and (p["last"] is None or day <= p["last"])
        for p in found["postings"]
    )


def evaluated(found, post, day):
    return serving(found, day) and not holds(found, post, day)
