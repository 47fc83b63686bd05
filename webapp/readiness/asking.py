"""What a reader asks about a post: the day, the version of its profile and other numbers, read from the address.

Numbers come as ``set=criterion.param=value`` (repeated) or, from a form, as ``n.criterion.param=value``; a number that is
the profile's own, or left empty, is no question.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from webapp import clock, thai
from webapp.careers import queries as careers
from webapp.careers.criteria.evaluation import Rule
from webapp.careers.criteria.tree import Node, written
from webapp.careers.models import JobProfile, Post
from webapp.errors import Refused
from webapp.readiness import words
from webapp.records.eligibility import Change, changed, rule_for

MOST_CHANGES = 40
"""Numbers one question may change: more than any profile has."""

EARLIEST, LATEST = dt.date(1950, 1, 1), dt.date(2100, 12, 31)
"""Days that can be meant: a whole career before the oldest officer, and after the youngest."""

PLAIN = re.compile(r"\d{1,6}(\.\d{1,6})?", re.ASCII)
"""A number written plainly; whatever else is typed is left to the rule tree to refuse."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about a post. ``rule`` holds the reader's numbers, ``base`` those of the profile."""

    post: Post
    base: Rule
    rule: Rule
    as_of: dt.date
    version: int | None
    changes: tuple[Change, ...] = ()
    problems: tuple[str, ...] = ()
    typed: tuple[tuple[str, str], ...] = ()

    @property
    def is_what_if(self) -> bool:
        return bool(self.changes)

    @property
    def is_today(self) -> bool:
        return self.as_of == clock.today()

    def arguments(self) -> list[tuple[str, str]]:
        """The question as arguments of an address."""
        pairs = [] if self.is_today else [("as_of", self.as_of.isoformat())]
        pairs += [] if self.version is None else [("version", str(self.version))]
        return pairs + [("set", f"{criterion}.{name}={value}") for criterion, name, value in self.changes]

    @property
    def query(self) -> dict[str, Any]:
        """The same for ``url_for``."""
        found: dict[str, Any] = {}
        for key, value in self.arguments():
            found.setdefault(key, []).append(value)
        return {key: values if key == "set" else values[0] for key, values in found.items()}

    def value_typed(self, name: str, own: str) -> str:
        """What stands in the field of a number: what was typed, else the number asked about."""
        return dict(self.typed).get(name, own)


def asked_of(session: Session, code: str, arguments: Any) -> Asked:
    """The question in an address about the post with this code.

    What cannot be read is left out and said in ``problems``, so that the rest of the question still has its answer.
    Raises ``NotFound`` for an unknown post, ``BadInput`` for a post without criteria in force.
    """
    post = careers.post(session, code)
    problems: list[str] = []
    version = _version(session, post, arguments.get("version"), problems)
    base = rule_for(session, code, version)
    asked = Asked(post, base, base, _day(arguments.get("as_of"), problems), version)
    return with_changes(asked, changes_in(arguments), problems)


def with_changes(asked: Asked, wanted: Iterable[tuple[str, str, str]], problems: list[str]) -> Asked:
    """The question with other numbers; one that makes no sense is said and left out."""
    rule, kept, typed = asked.base, [], []
    for criterion, name, value in list(wanted)[:MOST_CHANGES]:
        node = asked.base.tree.find(criterion)
        if node is not None and node.parameter == name and is_own(node, value):
            continue
        try:
            rule = changed(rule, [(criterion, name, value)])
            kept.append((criterion, name, value))
        except Refused as refusal:
            problems.append(_refusal(node, name, value) or _(refusal.message, **refusal.values))
            typed.append((f"n.{criterion}.{name}", value))
    return replace(asked, rule=rule, changes=tuple(kept), problems=tuple(problems), typed=tuple(typed))


def _refusal(node: Node | None, name: str, value: str) -> str:
    """Why a number cannot be used, in the criterion's own name; empty where there is no such number."""
    if node is None or node.parameter != name:
        return ""
    return _("“%(value)s” ใช้เป็นตัวเลขของเกณฑ์ “%(criterion)s” ไม่ได้", value=value[:20], criterion=words.name(node))


def changes_in(arguments: Any) -> list[tuple[str, str, str]]:
    """The numbers an address names: (criterion, parameter, value as typed)."""
    found: dict[tuple[str, str], str] = {}
    for setting in arguments.getlist("set"):
        name, _equals, value = str(setting).partition("=")
        criterion, _dot, parameter = name.strip().rpartition(".")
        found[criterion, parameter] = thai.arabic_digits(value.strip())
    for key in arguments:
        if key.startswith("n.") and str(arguments.get(key)).strip():
            criterion, _dot, parameter = key[2:].rpartition(".")
            found[criterion, parameter] = thai.arabic_digits(str(arguments.get(key)).strip())
    return [(criterion, parameter, value) for (criterion, parameter), value in found.items()]


def is_own(node: Node, value: str) -> bool:
    """Whether a typed number is the one the criterion has."""
    own = node.k if node.kind == "at_least" else node.amount
    return bool(PLAIN.fullmatch(value)) and Fraction(value) == own


def own_number(node: Node) -> str:
    """A criterion's number as typed in a field."""
    return str(node.k if node.kind == "at_least" else written(node.amount))


def numbers_of(tree: Node) -> list[Node]:
    """The criteria that have a number to change, in the profile's order."""
    return [node for node in tree.walk() if node.parameter]


def _day(typed: str | None, problems: list[str]) -> dt.date:
    if not typed or not typed.strip():
        return clock.today()
    try:
        day = thai.parse_day(typed)
    except Refused as refusal:
        problems.append(_(refusal.message, **refusal.values))
        return clock.today()
    if EARLIEST <= day <= LATEST:
        return day
    problems.append(_("วันที่ต้องอยู่ระหว่าง %(first)s ถึง %(last)s", first=thai.day(EARLIEST), last=thai.day(LATEST)))
    return clock.today()


def _version(session: Session, post: Post, typed: str | None, problems: list[str]) -> int | None:
    """The published version named; the latest where none is, or none such."""
    if not typed or not typed.strip():
        return None
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 0
    latest: JobProfile | None = careers.published_profile(session, post.id)
    if number and careers.published_profile(session, post.id, number) is not None:
        return None if latest is not None and latest.version == number else number
    problems.append(_("ไม่มีฉบับที่ %(version)s ที่ประกาศใช้แล้ว จึงแสดงฉบับล่าสุด", version=typed[:20]))
    return None
