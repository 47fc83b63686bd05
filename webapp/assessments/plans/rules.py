"""What a plan says, as values: compared, checked and kept by the same rules from a file, a form and the database."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from webapp.assessments.ranking.plan import Problem, problem, problems

SOURCE_NAMES: dict[str, tuple[str, str]] = {
    "exam": ("การสอบข้อเขียน", "Examination"),
    "proposal": ("โครงร่างข้อเสนอการพัฒนางานของสำนักงานเขต", "Proposal outline"),
    "project": ("โครงการที่มอบหมาย", "Project assignment"),
    "coaching": ("การสอนงานและการดูแลให้คำปรึกษา", "Coaching and mentoring"),
    "attendance": ("การเข้าเรียน", "Attendance"),
    "assessment-center": ("ศูนย์การประเมินผล", "Assessment center"),
    "manual": ("คะแนนที่บันทึกโดยเจ้าหน้าที่", "Score entered by staff"),
}
"""What a component is called when nobody named it: after where its score comes from."""

KNOWN_NAMES: dict[str, tuple[str, str]] = {
    **{code: names for code, names in SOURCE_NAMES.items() if code != "manual"},
    "general": ("ความรู้ทั่วไป", "General knowledge"),
    "specific": ("ความรู้เฉพาะตำแหน่ง", "Post-specific knowledge"),
    "interview": ("การสัมภาษณ์", "Interview"),
    "assessment_center": ("ศูนย์การประเมินผล", "Assessment center"),
}
"""The parts the minutes name (6.4 (1), 4.1-4.2 and the three-part selection), by their usual codes."""

PASS_UNLESS_SET = Decimal(60)
"""A part of the entry selection has a pass mark of 60 per cent unless set otherwise (domain page §4)."""


@dataclass(frozen=True, slots=True)
class CriterionContent:
    """A line of a rubric."""

    code: str
    name_th: str
    name_en: str
    weight: Decimal
    maximum: Decimal
    anchors: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ComponentContent:
    """A component as it stands in a plan."""

    code: str
    name_th: str
    name_en: str
    weight: Decimal
    maximum: Decimal
    pass_percent: Decimal | None = None
    source: str = "manual"
    reason: str = ""
    rubric: tuple[CriterionContent, ...] = ()
    face_to_face: bool = False


@dataclass(frozen=True, slots=True)
class GateContent:
    kind: str
    value: Decimal
    reason: str = ""
    name_th: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class TieBreakerContent:
    key: str
    reason: str = ""
    name_th: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class PlanContent:
    """Everything one version of a plan says."""

    components: tuple[ComponentContent, ...]
    gates: tuple[GateContent, ...] = ()
    tie_breakers: tuple[TieBreakerContent, ...] = ()
    decimals: int = 2

    def without_rubrics(self) -> "PlanContent":
        """The plan apart from its rubrics, which a cohort file does not carry."""
        return replace(self, components=tuple(replace(row, rubric=()) for row in self.components))

    def with_rubrics_of(self, other: "PlanContent") -> "PlanContent":
        """The plan with the rubrics that ``other`` has for components of the same code."""
        rubrics = {row.code: row.rubric for row in other.components}
        return replace(
            self,
            components=tuple(replace(row, rubric=row.rubric or rubrics.get(row.code, ())) for row in self.components),
        )

    def document(self) -> dict[str, Any]:
        """The shape of a cohort file, exact numbers as text."""
        return {
            "decimals": self.decimals,
            "components": [
                {
                    "code": row.code, "name_th": row.name_th, "name_en": row.name_en, "weight": f"{row.weight:f}",
                    "max": f"{row.maximum:f}", "pass": None if row.pass_percent is None else f"{row.pass_percent:f}",
                    "source": row.source, "reason": row.reason, **({"face_to_face": True} if row.face_to_face else {}),
                }
                for row in self.components
            ],
            "gates": {
                row.kind: {"value": f"{row.value:f}", "reason": row.reason, **_names(row)} for row in self.gates
            },
            "tie_breakers": [{"key": row.key, "reason": row.reason, **_names(row)} for row in self.tie_breakers],
        }  # fmt: skip


def _names(row: GateContent | TieBreakerContent) -> dict[str, str]:
    """The names somebody gave; none where the product's own words stand."""
    return {name: value for name, value in (("name_th", row.name_th), ("name_en", row.name_en)) if value}


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """Something a plan in force still lacks; it blocks publication, never a computation (``formats.md``)."""

    code: str  # no-reason | no-second-approval
    part: str = ""  # component | gate | tie-breaker
    key: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)


def open_points(content: PlanContent, approved: bool) -> list[OpenPoint]:
    """What blocks the publication of a shortlist under this plan: a figure without its reason, no second approval."""
    found = [OpenPoint("no-reason", "component", row.code) for row in content.components if not row.reason.strip()]
    found += [OpenPoint("no-reason", "gate", row.kind) for row in content.gates if not row.reason.strip()]
    found += [OpenPoint("no-reason", "tie-breaker", row.key) for row in content.tie_breakers if not row.reason.strip()]
    return found if approved else [*found, OpenPoint("no-second-approval")]


def plan_problems(content: PlanContent, size: int) -> list[Problem]:
    """Everything that keeps a plan from ranking, rubrics included."""
    found = problems(content.document(), size)
    for number, row in enumerate(content.components):
        path = f"components[{number}].rubric"
        codes = [line.code for line in row.rubric]
        if len(codes) != len(set(codes)):
            found.append(problem(path, "criterion-twice"))
        if row.rubric and sum((line.weight for line in row.rubric), Decimal()) <= 0:
            found.append(problem(path, "no-weight"))
        found += [
            problem(f"{path}[{place}].max", "out-of-range", found=f"{line.maximum:f}", least=0, most=None, above=True)
            for place, line in enumerate(row.rubric)
            if line.maximum <= 0
        ]
    return found


def forbidden_after_scores(before: PlanContent, after: PlanContent, scored: Mapping[str, Any]) -> list[Problem]:
    """Once a component has marks it can neither disappear nor change its maximum or rubric: marks were given on them."""
    kept = {row.code: (number, row) for number, row in enumerate(after.components)}
    found = []
    for row in before.components:
        if row.code not in scored:
            continue
        if row.code not in kept:
            found.append(problem("components", "scored-component-gone", component=row.code))
            continue
        number, now = kept[row.code]
        if now.maximum != row.maximum:
            found.append(
                problem(
                    f"components[{number}].max",
                    "scored-maximum-changed",
                    found=f"{now.maximum:f}",
                    required=f"{row.maximum:f}",
                )
            )
        if now.rubric and now.rubric != row.rubric:
            found.append(problem(f"components[{number}].rubric", "scored-rubric-changed", component=row.code))
    return found


def to_start_from(purpose: str) -> PlanContent:
    """What the editor shows where a cohort has no plan yet: the three parts of the entry selection, else nothing.

    The parts are the minutes' (domain page §4); weights and pass marks are ours, and each still wants its reason.
    """
    if purpose != "selection":
        return PlanContent(())
    parts = (("general", 30, "exam"), ("specific", 40, "exam"), ("interview", 30, "manual"))
    return PlanContent(
        tuple(
            ComponentContent(
                code, *default_names(code, source), Decimal(weight), Decimal(100), PASS_UNLESS_SET, source,
                face_to_face=code == "interview",
            )
            for code, weight, source in parts
        )
    )  # fmt: skip


def default_names(code: str, source: str) -> tuple[str, str]:
    """What a component is called in both languages when its file does not say."""
    if code in KNOWN_NAMES:
        return KNOWN_NAMES[code]
    if source != "manual":
        return SOURCE_NAMES[source]
    return code, code
