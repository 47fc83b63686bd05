"""Invented careers: how somebody came to the post they hold, spell by spell."""

import datetime as dt
import random
from dataclasses import dataclass
from typing import Any

DAY = dt.date(2026, 11, 22)
"""The day on which the demonstration stands still."""

SCHOLARS = {
    "administration": "administration-officer",
    "registration": "administration-officer",
    "public-works": "civil-engineer",
    "environment-sanitation": "sanitation-scholar",
    "revenue": "revenue-scholar",
    "cleansing-parks": "parks-scholar",
    "education": "education-scholar",
    "finance": "finance-scholar",
    "city-law-enforcement": "law-enforcement-officer",
    "community-development": "social-developer",
}
CLERKS = {
    "registration": "registration-clerk",
    "public-works": "civil-works-technician",
    "revenue": "revenue-clerk",
    "finance": "finance-clerk",
    "city-law-enforcement": "law-enforcement-clerk",
}
SECTIONS = tuple(SCHOLARS)


@dataclass(frozen=True)
class Spell:
    """One posting of an invented career."""

    post: str
    position_type: str
    level: str
    unit: str
    section: str | None
    started_on: dt.date
    ended_on: dt.date | None
    acting: bool = False


@dataclass(frozen=True)
class Step:
    """A step on the way: post, type and level, where, and how long it takes beside the others."""

    post: str
    position_type: str
    level: str
    unit: str
    section: str | None
    weight: float


def born_and_entered(chance: random.Random, youngest: int, oldest: int) -> tuple[dt.date, dt.date]:
    """A birth date that gives an age between the two on the demonstration day, and an entry between 22 and 29."""
    born = dt.date(DAY.year - chance.randint(youngest, oldest), chance.randint(1, 12), chance.randint(1, 28))
    entered = dt.date(born.year + chance.randint(22, 29), chance.choice((1, 3, 6, 10)), 1)
    return born, min(entered, dt.date(DAY.year - 1, 10, 1))


def spells(chance: random.Random, entered: dt.date, steps: list[Step]) -> list[Spell]:
    """The steps laid over the years from entry to the demonstration day, each starting at a month's first."""
    weights = [step.weight * chance.uniform(0.8, 1.2) for step in steps]
    days = (DAY - entered).days - 60
    starts, passed = [entered], 0.0
    for weight in weights[:-1]:
        passed += weight
        at = entered + dt.timedelta(days=int(days * passed / sum(weights)))
        starts.append(max(starts[-1] + dt.timedelta(days=32), at).replace(day=1))
    ends: list[dt.date | None] = [start - dt.timedelta(days=1) for start in starts[1:]] + [None]
    return [
        Spell(step.post, step.position_type, step.level, step.unit, step.section, start, end)
        for step, start, end in zip(steps, starts, ends, strict=True)
    ]


def early_years(chance: random.Random, districts: list[str], section: str, unit: str = "") -> list[Step]:
    """Practitioner, then professional, in the work of a section."""
    post = SCHOLARS[section]
    first = unit or chance.choice(districts)
    second = unit if unit and chance.random() < 0.6 else chance.choice(districts)
    kept = None if unit else section
    return [
        Step(post, "knowledge", "practitioner", first, kept, 6),
        Step(post, "knowledge", "professional", second, None if second == unit else section, 6),
    ]


def heads_of_section(chance: random.Random, districts: list[str], section: str, count: int) -> list[Step]:
    """Section head in ``count`` different district offices."""
    places = chance.sample(districts, count)
    return [Step("section-head", "knowledge", "senior-professional", place, section, 3) for place in places]


def way_to(
    chance: random.Random, post: str, unit: str, section: str, districts: list[str], bureaus: list[str]
) -> list[Step]:
    """The steps of somebody who holds ``post`` at ``unit`` today."""
    from_bureau = chance.random() < 0.3
    begun = early_years(chance, districts, section, chance.choice(bureaus) if from_bureau else "")
    if post == "section-head":
        earlier = heads_of_section(chance, [d for d in districts if d != unit], section, chance.choice((0, 0, 1, 1, 2)))
        return [*begun, *earlier, Step(post, "knowledge", "senior-professional", unit, section, 3)]
    if from_bureau:
        bureau = begun[0].unit
        middle = [
            Step("bureau-section-head", "knowledge", "senior-professional", bureau, None, 4),
            Step("division-director", "managerial", "primary", bureau, None, 3),
        ]
    else:
        middle = heads_of_section(chance, districts, section, chance.choice((1, 2, 2, 3)))
    assistants = [
        Step("assistant-district-director", "managerial", "primary", place, None, 3)
        for place in chance.sample([d for d in districts if d != unit], chance.choice((1, 1, 2)))
    ]
    if post == "assistant-district-director":
        here = [Step(post, "managerial", "primary", unit, None, 3)]
        return [*begun, *middle, *(assistants[:1] if chance.random() < 0.4 else []), *here]
    return [*begun, *middle, *assistants, Step("district-director", "managerial", "high", unit, None, 3)]


def way_in_bureau(chance: random.Random, post: str, kind: tuple[str, str], bureau: str, section: str) -> list[Step]:
    """The steps of somebody who grew in one bureau."""
    scholar = SCHOLARS[section]
    steps = [
        Step(scholar, "knowledge", "practitioner", bureau, None, 6),
        Step(scholar, "knowledge", "professional", bureau, None, 6),
    ]
    if post in (scholar, "plan-analyst"):
        return steps if kind[1] != "practitioner" else steps[:1]
    if kind[0] == "general":
        return [
            Step("administrative-clerk", "general", "operational", bureau, None, 6),
            Step("administrative-clerk", "general", "experienced", bureau, None, 8),
            Step("bureau-senior-officer", "general", "senior", bureau, None, 4),
        ]
    steps.append(Step("bureau-section-head", "knowledge", "senior-professional", bureau, None, 4))
    if post != "bureau-section-head":
        steps.append(Step("division-director", "managerial", "primary", bureau, None, 4))
    if post not in ("bureau-section-head", "division-director"):
        steps.append(Step(post, kind[0], kind[1], bureau, None, 3))
    return steps


def way_in_general(chance: random.Random, level: str, district: str, districts: list[str]) -> list[Step]:
    """The steps of somebody of the general type in district offices."""
    section = chance.choice(tuple(CLERKS))
    post = CLERKS[section]
    steps = [Step(post, "general", "operational", district, section, 6)]
    if level in ("experienced", "senior"):
        steps.append(Step(post, "general", "experienced", chance.choice(districts), section, 7))
    if level == "senior":
        places = chance.sample(districts, chance.choice((1, 2, 3, 3)))
        steps += [Step(post, "general", "senior", place, section, 3) for place in places]
    return steps


NEW_SECTIONS = (5, 2, 5, 1, 3, 5, 0)
"""How many sections are new to an assistant at the second turn; the rest stay, as offices find it easier."""


def delegations(chance: random.Random, career: list[Spell]) -> list[dict[str, Any]]:
    """Sections put under the charge of an assistant director: five at a time; after two years others, not always all."""
    rows: list[dict[str, Any]] = []
    for spell in career:
        if spell.post != "assistant-district-director" or spell.acting:
            continue
        end = spell.ended_on or DAY
        order = chance.sample(SECTIONS, len(SECTIONS))
        turn = dt.date(spell.started_on.year + 2, spell.started_on.month, 1)
        halves = [(order[:5], spell.started_on, min(turn - dt.timedelta(days=1), end))]
        if turn < end:
            others = NEW_SECTIONS[spell.started_on.toordinal() % len(NEW_SECTIONS)]
            halves.append((order[5 : 5 + others] + order[: 5 - others], turn, end))
        for sections, start, stop in halves:
            last = None if stop >= DAY or (stop == end and spell.ended_on is None) else stop
            rows += [
                {"unit": spell.unit, "section": section, "started_on": start, "ended_on": last} for section in sections
            ]
    return rows
