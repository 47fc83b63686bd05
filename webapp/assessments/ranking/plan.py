"""An assessment plan: components with weights, maxima and pass marks, gates, tie-breakers; and what is wrong with one.

A document of a plan has the shape of a cohort file (``formats.md``): ``decimals``, ``components`` with ``code``,
``weight``, ``max``, ``pass``; ``gates``; ``tie_breakers``. Every problem found is structured, so that a page can show it at
the field and a command can name the line.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from webapp.assessments.ranking.scores import exact, plain

LEVEL_TENURE = "level_tenure"
ENTRY_DATE = "entry_date"
PERSONAL_TIE_BREAKERS = (LEVEL_TENURE, ENTRY_DATE)
GATES = ("attendance_percent", "coaching_hours", "project_accepted")

HUNDRED = Fraction(100)
DEFAULT_DECIMALS = 2
MOST_DECIMALS = 6
DEFAULT_SIZE = 5
"""Minutes 3/2562, 6.4 (1) 4.3: the first five names are listed."""


@dataclass(frozen=True, slots=True)
class Component:
    """What is measured: weight and pass mark in per cent, maximum in points. Weight 0 with a pass mark is a gate."""

    code: str
    weight: Fraction
    maximum: Fraction
    pass_percent: Fraction | None = None

    @property
    def pass_points(self) -> Fraction | None:
        """The pass mark in points of the component's own maximum."""
        return None if self.pass_percent is None else self.pass_percent * self.maximum / HUNDRED


@dataclass(frozen=True, slots=True)
class Gates:
    """Conditions apart from scores; one that is not named does not apply."""

    attendance_percent: Fraction | None = None
    coaching_hours: Fraction | None = None
    project_accepted: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as the ranking reads it."""

    components: tuple[Component, ...]
    tie_breakers: tuple[str, ...] = ()
    gates: Gates = Gates()
    decimals: int = DEFAULT_DECIMALS
    size: int = DEFAULT_SIZE

    def component(self, code: str) -> Component:
        return next(component for component in self.components if component.code == code)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a plan: where, what, and the numbers or names that say what would be right."""

    path: str
    code: str
    parameters: Mapping[str, Any]


class PlanHasProblems(ValueError):
    """A document that is no plan; ``problems`` says why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{p.path}: {p.code} {dict(p.parameters)}" for p in problems))
        self.problems = tuple(problems)


def problem(path: str, code: str, **parameters: Any) -> Problem:
    return Problem(path, code, parameters)


def plan_from(document: Mapping[str, Any], size: int = DEFAULT_SIZE) -> Plan:
    """The plan of a document. Raises :class:`PlanHasProblems` with everything that is wrong with it."""
    found = problems(document, size)
    if found:
        raise PlanHasProblems(found)
    gates = {name: _gate_value(value) for name, value in (document.get("gates") or {}).items()}
    hours, percent = gates.get("coaching_hours"), gates.get("attendance_percent")
    return Plan(
        components=tuple(
            Component(
                _code(row),
                exact(row["weight"]),
                exact(row["max"]),
                None if row.get("pass") is None else exact(row["pass"]),
            )
            for row in document["components"]
        ),
        tie_breakers=tuple(_tie_breaker(entry) for entry in document.get("tie_breakers") or ()),
        gates=Gates(
            attendance_percent=None if percent is None else exact(percent),
            coaching_hours=None if hours is None else exact(hours),
            project_accepted=_truth(gates.get("project_accepted")) is True,
        ),
        decimals=document.get("decimals", DEFAULT_DECIMALS),
        size=size,
    )


def document_of(plan: Plan) -> dict[str, Any]:
    """The plan as a document with exact numbers as text; :func:`plan_from` gives the same plan back."""
    gates: dict[str, Any] = {}
    if plan.gates.attendance_percent is not None:
        gates["attendance_percent"] = plain(plan.gates.attendance_percent)
    if plan.gates.coaching_hours is not None:
        gates["coaching_hours"] = plain(plan.gates.coaching_hours)
    if plan.gates.project_accepted:
        gates["project_accepted"] = True
    return {
        "decimals": plan.decimals,
        "components": [
            {
                "code": c.code,
                "weight": plain(c.weight),
                "max": plain(c.maximum),
                "pass": None if c.pass_percent is None else plain(c.pass_percent),
            }
            for c in plan.components
        ],
        "gates": gates,
        "tie_breakers": list(plan.tie_breakers),
    }


def problems(document: Mapping[str, Any], size: int = DEFAULT_SIZE) -> list[Problem]:
    """Everything that is wrong with a plan, in the order of the document; nothing if it can rank."""
    return [*_of_head(document, size), *_of_components(document), *_of_gates(document), *_of_tie_breakers(document)]


def _of_head(document: Mapping[str, Any], size: int) -> Iterator[Problem]:
    decimals = document.get("decimals", DEFAULT_DECIMALS)
    if not _is_whole(decimals) or not 0 <= decimals <= MOST_DECIMALS:
        yield problem("decimals", "out-of-range", found=decimals, least=0, most=MOST_DECIMALS)
    if not _is_whole(size) or size < 1:
        yield problem("size", "out-of-range", found=size, least=1, most=None)


def _of_components(document: Mapping[str, Any]) -> Iterator[Problem]:
    rows = document.get("components")
    if not isinstance(rows, Sequence) or isinstance(rows, str) or not rows:
        yield problem("components", "missing")
        return
    total: Fraction | None = Fraction()
    for n, row in enumerate(rows):
        path = f"components[{n}]"
        if not isinstance(row, Mapping):
            yield problem(path, "not-a-component", found=row)
            total = None
            continue
        yield from _of_code(path, row)
        weight = _number(row.get("weight"))
        total = None if weight is None or total is None else total + weight
        yield from _in_range(f"{path}.weight", row.get("weight"), 0, 100)
        yield from _in_range(f"{path}.max", row.get("max"), 0, None, above=True)
        if row.get("pass") is not None:
            yield from _in_range(f"{path}.pass", row["pass"], 0, 100)
    for code, times in Counter(_code(row) for row in rows if isinstance(row, Mapping)).items():
        if code and times > 1:
            yield problem("components", "code-twice", component=code, times=times)
    if total is not None and total != HUNDRED:
        yield problem("components", "weights-not-100", found=plain(total), required="100")


def _of_code(path: str, row: Mapping[str, Any]) -> Iterator[Problem]:
    code = _code(row)
    if not code:
        yield problem(f"{path}.code", "missing")
    elif code in PERSONAL_TIE_BREAKERS:
        yield problem(f"{path}.code", "reserved", found=code)


def _of_gates(document: Mapping[str, Any]) -> Iterator[Problem]:
    gates = document.get("gates") or {}
    if not isinstance(gates, Mapping):
        yield problem("gates", "not-gates", found=gates)
        return
    for name, given in gates.items():
        path, value = f"gates.{name}", _gate_value(given)
        if name not in GATES:
            yield problem(path, "unknown-gate", found=name, known=list(GATES))
        elif name == "project_accepted":
            if _truth(value) is None:
                yield problem(path, "not-yes-or-no", found=value)
        else:
            yield from _in_range(path, value, 0, 100 if name == "attendance_percent" else None)


def _of_tie_breakers(document: Mapping[str, Any]) -> Iterator[Problem]:
    rows = document.get("components")
    codes = {_code(row) for row in rows if isinstance(row, Mapping)} if isinstance(rows, Sequence) else set()
    seen: set[str] = set()
    for n, entry in enumerate(document.get("tie_breakers") or ()):
        key, path = _tie_breaker(entry), f"tie_breakers[{n}]"
        if key not in codes and key not in PERSONAL_TIE_BREAKERS:
            yield problem(path, "unknown-tie-breaker", found=key, known=[*sorted(codes), *PERSONAL_TIE_BREAKERS])
        elif key in seen:
            yield problem(path, "tie-breaker-twice", found=key)
        seen.add(key)


def _in_range(path: str, value: Any, least: int, most: int | None, above: bool = False) -> Iterator[Problem]:
    number = _number(value)
    if value is None:
        yield problem(path, "missing")
    elif number is None:
        yield problem(path, "not-a-number", found=value)
    elif number < least or (above and number == least) or (most is not None and number > most):
        yield problem(path, "out-of-range", found=plain(number), least=least, most=most, above=above)


def _gate_value(given: Any) -> Any:
    """A gate stands as a value or, with its reason, as ``{value, reason}``."""
    return given.get("value") if isinstance(given, Mapping) else given


def _code(row: Mapping[str, Any]) -> str:
    """A component's code as text (a cohort file may write it as a number); empty where there is none."""
    code = row.get("code")
    return "" if code is None else str(code).strip()


def _tie_breaker(entry: Any) -> str:
    """A tie-breaker stands as its key or, with its reason, as ``{key, reason}`` (``code`` is understood too)."""
    return str(entry.get("key", entry.get("code"))) if isinstance(entry, Mapping) else str(entry)


def _truth(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    number = _number(value)
    return None if number is None or number not in (0, 1) else number == 1


def _number(value: Any) -> Fraction | None:
    try:
        return exact(value)
    except ValueError:
        return None


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
