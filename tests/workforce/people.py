"""A small roster for the workforce pages: directors about to retire, assistants who lack only the course."""

import datetime as dt
import random

from sqlalchemy import select

from tests.readiness import world
from webapp.careers.models import Competency, Course, Post, Section, Unit

TODAY = dt.date(2026, 11, 22)


def roster(session, directors=4, assistants=6, first=20001):
    """Directors of the first districts (the first retires this fiscal year), and assistants ready but for the plan."""
    ids = {
        model: {r.code: r.id for r in session.execute(select(model.code, model.id))} for model in (Post, Unit, Course)
    }
    sections = list(session.scalars(select(Section.code).order_by(Section.position)))[:7]
    competencies = list(session.scalars(select(Competency.code)))
    for place in range(directors + assistants):
        director = place < directors
        post, level = ("district-director", "high") if director else ("assistant-district-director", "primary")
        person = {
            "born": dt.date(1967, 3, 1) if place == 0 else dt.date(1972, 3, 1 + place % 28), "entry": dt.date(1995, 1, 1),
            "left": None, "works": [], "passes": [],
            "postings": [{"post": post, "type": "managerial", "level": level, "unit": f"BMA-D{place % 50 + 1:02d}",
                          "kind": "district", "first": dt.date(2020, 10, 1), "last": None, "acting": False}],
            "delegations": [{"section": code, "first": dt.date(2021, 1, 1)} for code in sections],
            "qualifications": ["standard-managerial-high", "standard-managerial-primary"],
            "ratings": [{"competency": code, "rating": 5, "day": dt.date(2026, 3, 1)} for code in competencies],
        }  # fmt: skip
        world.save(session, ids, f"{first + place}", person, random.Random(1))
    session.commit()
