"""The entry rule of a cohort's course, checked for applicants and explained criterion by criterion.

The same evaluation as everywhere, as of the last day of applications; of the day before the cohort starts where no window
is set (domain page §3).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.careers.criteria.evaluation import Evaluation, Rule
from webapp.careers.criteria.foresee import NEVER
from webapp.careers.criteria.tree import Node, tree_from
from webapp.careers.models import Course, Post
from webapp.careers.queries import published_profile
from webapp.courses.models import Cohort
from webapp.records.eligibility import evaluation

STATES = {True: "met", False: "not-met", None: "unknown"}
FIGURES = (
    "id", "kind", "name_th", "name_en", "reason_th", "reason_en", "met", "found", "required", "met_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion for one applicant; ``of`` are those it consists of. ``met_on``: when time alone will do it."""

    id: str
    kind: str
    name_th: str
    name_en: str
    reason_th: str
    reason_en: str
    met: bool | None
    found: int
    required: int
    met_on: dt.date | None = None
    of: tuple["Line", ...] = ()

    @property
    def state(self) -> str:
        return STATES[self.met]

    def document(self) -> dict[str, Any]:
        """The line as it is kept."""
        figures = {name: getattr(self, name) for name in FIGURES}
        return {**figures, "of": [line.document() for line in self.of]}


@dataclass(frozen=True, slots=True)
class Check:
    """The entry rule for one applicant, as of a day, by a version of the post's profile."""

    day: dt.date
    post: str
    version: int
    met: bool | None
    lines: tuple[Line, ...]

    @property
    def state(self) -> str:
        return STATES[self.met]

    @property
    def unmet(self) -> tuple[Line, ...]:
        """The criteria at the top that are not met, or not known to be."""
        return tuple(line for line in self.lines if line.met is not True)

    def document(self) -> dict[str, Any]:
        """The check as it is kept with a decision."""
        return {
            "day": self.day, "post": self.post, "version": self.version, "met": self.met,
            "lines": [line.document() for line in self.lines],
        }  # fmt: skip


def check_from(document: Mapping[str, Any]) -> Check:
    """A kept check read back."""
    day = dt.date.fromisoformat(document["day"])
    lines = tuple(_line_from(line) for line in document["lines"])
    return Check(day, document["post"], document["version"], document["met"], lines)


def _line_from(document: Mapping[str, Any]) -> Line:
    figures = {name: document[name] for name in FIGURES if name != "met_on"}
    met_on = dt.date.fromisoformat(document["met_on"]) if document["met_on"] else None
    return Line(**figures, met_on=met_on, of=tuple(_line_from(line) for line in document["of"]))


def as_of(cohort: Cohort) -> dt.date:
    """The day the entry rule is judged on."""
    return cohort.applications_close_on or cohort.starts_on - dt.timedelta(days=1)


def entry_rule(session: Session, cohort: Cohort) -> Rule | None:
    """The entry rule of the cohort's course, of its post's published profile; none where there is none."""
    post = session.scalar(select(Post).join(Course, Course.post_id == Post.id).where(Course.id == cohort.course_id))
    profile = published_profile(session, post.id, None) if post is not None else None
    document = profile.document.get("course_entry") if profile is not None else None
    if post is None or profile is None or not document:
        return None
    return Rule(post.code, profile.version, tree_from(document))


def checks(session: Session, cohort: Cohort, officer_ids: Sequence[int]) -> dict[int, Check]:
    """The entry check of these officers, by officer id; empty where the course has no entry rule."""
    rule = entry_rule(session, cohort) if officer_ids else None
    if rule is None:
        return {}
    day = as_of(cohort)
    found = evaluation(session, rule, day, officer_ids=sorted(set(officer_ids)))
    facts = found.facts
    serving = (facts.entry <= found.as_of) & (found.as_of <= facts.retirement) & (facts.left >= found.as_of)
    return {
        int(facts.row[row]): Check(
            day, rule.post, rule.version, found.verdicts[rule.tree.id].of(row) if serving[row] else False,
            (_serving(bool(serving[row])), *_top(rule.tree, found, row)),
        )
        for row in range(len(facts))
    }  # fmt: skip


def _serving(serving: bool) -> Line:
    """Everybody is in service on the day they are judged (domain page §3, who is evaluated)."""
    return Line(
        "in-service", "service", "รับราชการอยู่ในวันที่พิจารณา", "In service on the day of the check",
        "ผู้ที่พ้นจากราชการก่อนวันที่พิจารณาเข้าอบรมไม่ได้", "Whoever has left the service by then cannot attend",
        serving, int(serving), 1,
    )  # fmt: skip


def _top(tree: Node, found: Evaluation, row: int) -> tuple[Line, ...]:
    """The criteria at the top of the rule: the parts of a group of all, or the one criterion."""
    nodes = tree.of if tree.kind == "all" and tree.of else (tree,)
    return tuple(_line(node, found, row) for node in nodes)


def _line(node: Node, found: Evaluation, row: int) -> Line:
    verdict, texts = found.verdicts[node.id], dict(node.texts)
    day = int(found.met_on[node.id][row]) if not verdict.met[row] else NEVER
    return Line(
        node.id, node.kind, str(texts.get("name_th") or node.id), str(texts.get("name_en") or ""),
        str(texts.get("reason_th") or ""), str(texts.get("reason_en") or ""), verdict.of(row),
        int(verdict.found()[row]), node.needed if node.is_group else int(verdict.required),
        None if day == NEVER else dt.date.fromordinal(day), tuple(_line(child, found, row) for child in node.of),
    )  # fmt: skip
