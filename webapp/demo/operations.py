"""Building the demonstration: invented people, real districts, the same every time."""

import random

from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp import audit
from webapp.audit import SYSTEM
from webapp.demo import (
    accounts,
    bank,
    center,
    cohorts,
    developing,
    exams,
    feasibility,
    marking,
    panels,
    population,
    profiles,
    question_files,
    workforce,
)
from webapp.demo.careers import DAY
from webapp.notices.models import OutboxMail
from webapp.officers.models import Officer


def is_empty(session: Session) -> bool:
    """Whether nobody is in the register yet."""
    return session.scalar(select(Officer.id).limit(1)) is None


def build(session: Session) -> dict[str, int]:
    """Fill an empty database; returns how many rows of each kind. The caller commits.

    The folder is marked as a demonstration, so that every page says so and production refuses it.
    """
    chance = random.Random(population.SEED + 1)
    counts = population.write(session)
    audit.append(session, SYSTEM, "demo:institute:build", "Demonstration", "officers", after=counts)
    heads = cohorts.officers_in(session, ("section-head",), DAY.replace(year=DAY.year - 2))
    directors = cohorts.officers_in(session, ("district-director",), DAY.replace(year=DAY.year - 1))
    trainee, mentor = chance.choice(heads), chance.choice(directors)
    desks = accounts.make(session, trainee, mentor)
    cohorts.finished(session, desks, chance)
    cohorts.complete(session, desks, chance)
    cohorts.running(session, desks, chance, trainee, mentor)
    cohorts.open_for_applications(session, desks, chance)
    cohorts.just_selected(session, desks)
    plans = developing.write(session, desks, trainee, mentor)
    planned = workforce.write(session, desks)
    planned["scenario"] = feasibility.write(session, desks)
    planned["item"] = bank.fill(session, desks)
    planned["question_file"] = question_files.write(session, desks)
    planned["exam"] = exams.write(session, desks) + marking.write(session, desks)
    planned["center"] = center.write(session, desks, trainee, heads)
    planned["guide_question"] = panels.write(session, desks)
    planned["profile_draft"] = profiles.write(session, desks)
    session.flush()
    marker = current_app.config["DATA_DIR"] / "demo"
    marker.write_text("\n".join(accounts.lines()) + "\n", encoding="utf-8")
    session.execute(delete(OutboxMail))  # invented people are not written to
    return {**counts, **planned, "cohorts": 5, "development_plan": plans, "accounts": len(desks.accounts)}
