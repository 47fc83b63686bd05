"""What a center's results come to: a participant's outcome, the grid of performance and potential, stars, report texts."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from webapp import charts
from webapp.assessments.center import queries, results_queries, rules, washup
from webapp.assessments.center.models import Center, CenterParticipant
from webapp.assessments.center.models_results import CenterFinal, CenterReport
from webapp.careers.models import Competency
from webapp.careers.queries import published_profile
from webapp.careers.words import in_language as named

STRENGTH, NEED = 4, 2
"""From which final rating a competency is suggested as a strength, up to which as a need (ours; the writer decides)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A participant in the grid; ``potential`` is the mean of the finals, ``missing`` what is not there for the rule."""

    participant: CenterParticipant
    finals: Mapping[str, CenterFinal]
    report: CenterReport | None
    potential: Fraction | None
    performance: Decimal | None
    star: bool
    cell: tuple[int, int] | None
    why_not: tuple[str, ...]


def rule_of(center: Center) -> rules.Stars:
    """The center's rule for stars as figures."""
    rule = center.stars or {}
    return rules.Stars(
        Fraction(str(rule.get("performance", "4"))),
        Fraction(str(rule.get("potential", "4"))),
        int(rule.get("lowest", "3")),
    )


def outcomes_of(session: Session, center: Center) -> list[Outcome]:
    """Everybody of a center by the Thai alphabet, with finals, place in the grid and whether a star."""
    finals: dict[int, dict[str, CenterFinal]] = {}
    for (person, code), final in results_queries.finals_of(session, center.id).items():
        finals.setdefault(person, {})[code] = final
    reports = results_queries.reports_of(session, center.id)
    rule = rule_of(center)
    return [
        _outcome(rule, row, finals.get(row.id, {}), reports.get(row.id))
        for row in queries.taking_part(session, center.id)
    ]


def _outcome(
    rule: rules.Stars, row: CenterParticipant, finals: Mapping[str, CenterFinal], report: CenterReport | None
) -> Outcome:
    given = [final.rating for final in finals.values()]
    potential = rules.potential(given) if given else None
    performance = Fraction(row.performance) if row.performance is not None else None
    cell = (
        (rules.band(performance), rules.band(potential)) if performance is not None and potential is not None else None
    )
    star = rules.is_star(rule, performance, given)
    return Outcome(
        row, finals, report, potential, row.performance, star, cell, tuple(rules.why_no_star(rule, performance, given))
    )


def expected_levels(session: Session, center: Center) -> dict[str, int]:
    """Competency → level that the target post's published profile expects; empty without a post."""
    profile = published_profile(session, center.post_id) if center.post_id is not None else None
    rows = (profile.document.get("competencies") or ()) if profile is not None else ()
    return {str(row["competency"]): int(row["expected_level"]) for row in rows if row.get("expected_level")}


def competencies_of(session: Session, center: Center) -> list[Competency]:
    """The competencies that the center measured, in their order."""
    return queries.competencies_named(session, {code for _exercise, code in queries.cells_of(session, center.id)})


def radar_of(session: Session, center: Center, outcome: Outcome) -> charts.Picture:
    """The finals against what the target post expects."""
    expected = expected_levels(session, center)
    axes = [
        charts.Axis(
            named(row), outcome.finals[row.code].rating if row.code in outcome.finals else None, expected.get(row.code)
        )
        for row in competencies_of(session, center)
    ]
    short = sum(axis.short for axis in axes)
    sentence = (
        _("ต่ำกว่าระดับที่คาดหวัง %(count)s จาก %(total)s สมรรถนะ", count=short, total=len(axes))
        if expected
        else _("ผลสุดท้ายของ %(total)s สมรรถนะ", total=len(axes))
    )
    return charts.radar(axes, title=_("ผลสุดท้ายของแต่ละสมรรถนะ"), sentence=sentence)


def suggested_report(
    session: Session, center: Center, participant: CenterParticipant, there: CenterReport | None
) -> dict[str, Any]:
    """The form's boxes: the version that stands, or a first text from the finals and their indicators."""
    if there is not None:
        return {
            name: getattr(there, name) for name in ("overall", "overall_note", "strengths", "needs", "advice", "number")
        }
    lines = washup.lines_of(session, center, participant.id)
    finals = {line.competency: line.final.rating for line in lines if line.final is not None}
    rows = {row.code: row for row in competencies_of(session, center)}
    return {
        "number": 0, "overall": rules.mechanical(rules.potential(list(finals.values()))) if finals else "", "overall_note": "",
        "strengths": "\n".join(_told(rows[code], finals[code]) for code in finals if finals[code] >= STRENGTH),
        "needs": "\n".join(_told(rows[code], finals[code]) for code in finals if finals[code] <= NEED),
        "advice": "",
    }  # fmt: skip


def _told(row: Competency, level: int) -> str:
    indicators = "; ".join(line["name_th"] for line in row.levels[level - 1]["indicators"])
    return f"{row.name_th}: {indicators}"
