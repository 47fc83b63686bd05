"""How far the assessors of a center agree, exercise by exercise, from the ratings as they were first given.

Where every participant is rated by other assessors, only the one-way model may be used (Shrout & Fleiss 1979, case 1): the
columns of its table are the first, second … assessor of each person, in no order that means anything.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from webapp.assessments.center import queries, results_queries
from webapp.assessments.center.models import Center
from webapp.assessments.reliability.words import Shown, figure, severity_picture, shown
from webapp.assessments.statistics import Refusal
from webapp.assessments.statistics.reliability import Ratings, reliability_of
from webapp.careers.words import in_language as named

Given = Mapping[tuple[int, str], Mapping[int, int]]
"""(participant, competency) → assessor → rating, of one exercise."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """One exercise's agreement, ready for the page; ``apart`` where participants have different assessors."""

    exercise: str
    shown: Shown
    apart: bool


def agreement_of(session: Session, center: Center) -> list[Agreement]:
    """Every exercise in which people are rated by two assessors or more; none before there are such ratings."""
    given: dict[int, dict[tuple[int, str], dict[int, int]]] = {}
    for row in results_queries.first_ratings(session, center.id):
        cells = given.setdefault(row.exercise_id, {})
        cells.setdefault((row.participant_id, row.competency_code), {})[row.assessor_id] = row.rating
    names = {row.id: row.name for row in queries.assessors_of(session, center.id)}
    people = {row.id: named(row.officer) for row in queries.participants_of(session, center.id)}
    found = []
    for exercise in queries.exercises_of(session, center.id):
        cells = given.get(exercise.id, {})
        many = Counter(len(by) for by in cells.values()).most_common(1)[0][0] if cells else 0
        if many >= 2:
            found.append(
                _agreement(named(exercise), {key: by for key, by in cells.items() if len(by) == many}, names, people)
            )
    return found


def _agreement(exercise: str, cells: Given, names: Mapping[int, str], people: Mapping[int, str]) -> Agreement:
    panel = sorted({one for by in cells.values() for one in by})
    rows = tuple(f"{people[person]} · {code}" for person, code in cells)
    by_name = reliability_of(
        Ratings(
            rows,
            tuple(names[one] for one in panel),
            tuple(tuple(by.get(one) for one in panel) for by in cells.values()),
        )
    )
    if all(set(by) == set(panel) for by in cells.values()):
        return Agreement(exercise, shown(by_name), apart=False)
    many = len(next(iter(cells.values())))
    places = tuple(_("ผู้ประเมินคนที่ %(number)s", number=number) for number in range(1, many + 1))
    in_turn = reliability_of(
        Ratings(rows, places, tuple(tuple(by[one] for one in sorted(by)) for by in cells.values()))
    )
    told = shown(in_turn)
    lines = tuple(line for line in told.lines if line.model.startswith("ICC(1,"))
    share = in_turn.within
    figures = (
        {"label": _("ผลที่ให้ร่วมกัน (คน × สมรรถนะ)"), "value": str(len(rows)), "unit": _("รายการ")},
        {"label": _("ผู้ประเมินต่อคน"), "value": str(many), "unit": _("คน")},
        {"label": _("ต่างกันไม่เกินหนึ่งคะแนน"), "value": "—" if isinstance(share, Refusal) else figure(100 * share, 1),
         "unit": _("ร้อยละ")},
    )  # fmt: skip
    reading = _("แต่ละคนพบผู้ประเมินคนละชุด จึงใช้ได้เฉพาะแบบ one-way") if lines else ""
    return Agreement(
        exercise,
        replace(told, figures=figures, lines=lines, reading=reading, picture=severity_picture(by_name)),
        apart=True,
    )
