"""The talent pool as it is read: members, one membership, what speaks for an officer, and whom the rule suggests."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from webapp import thai
from webapp.careers.criteria.measure import measured
from webapp.careers.models import Post
from webapp.careers.queries import Named
from webapp.careers.tenure import add_months
from webapp.careers.words import in_language as named
from webapp.errors import NotFound
from webapp.officers.models import Officer
from webapp.records.facts import load_facts, tables_of
from webapp.workforce.models import TalentMember
from webapp.workforce.outlook import Outlook
from webapp.workforce.queries import covered_posts, rule_of_target
from webapp.workforce.rules import NOT_READY, bench
from webapp.workforce.talent.rules import SHORTLIST_YEARS, Signs, is_suggested
from webapp.workforce.words import READY_IN

LARGEST_ID = 2**31 - 1
Places = Callable[[Session, int], Any]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something on record that speaks for an officer: what it says in both languages, and where it stands."""

    key: str
    words_th: str
    words_en: str
    url: str = ""

    def document(self) -> dict[str, str]:
        return {"key": self.key, "words_th": self.words_th, "words_en": self.words_en, "url": self.url}


@dataclass(frozen=True, slots=True)
class Suggested:
    """An officer whom the rule suggests looking at, and why."""

    officer_id: int
    officer_no: str
    signs: Signs
    last_day: dt.date
    name: Named = field(default_factory=dict)


def members(session: Session, *, status: str = "") -> list[TalentMember]:
    """Memberships: those to decide first, then members by review day, then the rest, newest first."""
    query = select(TalentMember).options(joinedload(TalentMember.officer), joinedload(TalentMember.post))
    if status:
        query = query.where(TalentMember.status == status)
    order = ("nominated", "member", "left", "declined")
    found = session.scalars(query.order_by(TalentMember.id.desc())).all()
    return sorted(found, key=lambda row: (order.index(row.status), row.review_on or dt.date.max))


def member(session: Session, member_id: int) -> TalentMember:
    """A membership with its officer, post and steps. Raises ``NotFound``."""
    found = session.scalar(
        select(TalentMember)
        .where(TalentMember.id == min(member_id, LARGEST_ID))
        .options(
            joinedload(TalentMember.officer), joinedload(TalentMember.post), selectinload(TalentMember.steps)
        )
    )  # fmt: skip
    if found is None:
        raise NotFound()
    return found


def own(session: Session, officer_id: int) -> TalentMember | None:
    """An officer's own membership, once it was accepted; a nomination is not shown to them."""
    return session.scalar(
        select(TalentMember)
        .where(TalentMember.officer_id == officer_id, TalentMember.status == "member")
        .options(joinedload(TalentMember.post))
    )


def standing_of(session: Session, officer_id: int) -> TalentMember | None:
    """The membership or nomination of an officer that stands."""
    return session.scalar(
        select(TalentMember).where(
            TalentMember.officer_id == officer_id, TalentMember.status.in_(("nominated", "member"))
        )
    )


def counts(session: Session) -> dict[str, int]:
    """How many memberships there are in each state."""
    query = select(TalentMember.status, func.count()).group_by(TalentMember.status)
    return {row[0]: row[1] for row in session.execute(query)}


def officer_of(session: Session, officer_no: str) -> Officer:
    """The officer with this number. Raises ``NotFound``."""
    found = session.scalar(select(Officer).where(Officer.officer_no == officer_no))
    if found is None:
        raise NotFound("ไม่พบข้าราชการเลขที่ %(officer)s", officer=officer_no)
    return found


# What speaks for one officer -----------------------------------------------------------------------------------------


def evidence_for(session: Session, officer: Officer, today: dt.date, places: Places) -> list[Evidence]:
    """Places on published shortlists, readiness for the target posts, and competencies at the expected level."""
    found = [_place(place) for place in places(session, officer.id) if place.rank is not None]
    posts = [(post, rule_of_target(session, post)) for post in covered_posts(session)]
    trees = [rule.tree for _post, rule in posts if rule is not None]
    facts = load_facts(session, tables=tables_of(trees), officer_ids=[officer.id])
    for post, rule in posts:
        if rule is None:
            continue
        years = int(bench(rule, facts, today)[0])
        if years < NOT_READY:
            found.append(_ready(post, years, officer))
        leaf = next((node for node in rule.tree.walk() if node.kind == "competency"), None)
        if leaf is not None:
            figures = measured(leaf, facts, today.toordinal(), rule.expected)
            if int(figures.found[0]):
                found.append(_rated(post, int(figures.found[0]), figures.fixed or 0, officer))
    return found


def _both(key: str, say: Callable[[], str], url: str) -> Evidence:
    """The same words in both languages, so that they are kept as they were said."""
    with force_locale("th"):
        thai_words = say()
    with force_locale("en"):
        return Evidence(key, thai_words, say(), url)


def _place(place: Any) -> Evidence:
    def say() -> str:
        cohort = named({"name_th": place.cohort.name_th, "name_en": place.cohort.name_en})
        listed = _("อยู่ในรายชื่อที่เสนอ") if place.shortlisted else _("ไม่อยู่ในรายชื่อที่เสนอ")
        return _("ลำดับที่ %(rank)s จาก %(ranked)s คน %(cohort)s เผยแพร่ %(day)s (%(listed)s)", rank=place.rank,
                 ranked=place.ranked, cohort=cohort, day=thai.day(place.published_at), listed=listed)  # fmt: skip

    return _both(f"shortlist:{place.run_id}", say, f"/shortlists/{place.run_id}")


def _ready(post: Post, years: int, officer: Officer) -> Evidence:
    def say() -> str:
        return _("%(ready)sสำหรับ%(post)s", ready=READY_IN[years], post=named(post))

    return _both(f"ready:{post.code}", say, f"/officers/{officer.officer_no}")


def _rated(post: Post, reached: int, asked: int, officer: Officer) -> Evidence:
    def say() -> str:
        return _("สมรรถนะถึงระดับที่คาดหวังของ%(post)s %(reached)s จาก %(asked)s ข้อ", post=named(post),
                 reached=reached, asked=asked)  # fmt: skip

    return _both(f"ratings:{post.code}", say, f"/officers/{officer.officer_no}/record")


# Whom the rule suggests ----------------------------------------------------------------------------------------------


def suggestions(session: Session, found: Outlook, shortlisted: Mapping[str, tuple[str, ...]]) -> list[Suggested]:
    """Officers the rule points at who are not in the pool: by number of signs, then by officer number.

    ``shortlisted`` names, by officer number, the cohorts on whose shortlist an officer was within three years.
    """
    facts, today = found.facts, found.today
    standing = set(session.scalars(select(TalentMember.officer_id).where(
        TalentMember.status.in_(("nominated", "member"))
    )))  # fmt: skip
    ready: dict[int, list[str]] = {}
    for one in found.targets:
        for row in np.flatnonzero((found.ready(one.code) == 0) & found.candidates(one.code)).tolist():
            ready.setdefault(row, []).append(one.code)
    rows = set(ready) | set(np.flatnonzero(np.isin(facts.officer_no, list(shortlisted))).tolist())
    suggested = []
    for row in rows:
        last = dt.date.fromordinal(int(found.ends[row]))
        number, officer_id = str(facts.officer_no[row]), int(facts.row[row])
        if last < today or int(facts.entry[row]) > today.toordinal() or officer_id in standing:
            continue
        signs = Signs(shortlisted.get(number, ()), tuple(ready.get(row, ())), years_between(today, last))
        if is_suggested(signs):
            suggested.append(Suggested(officer_id, number, signs, last))
    return sorted(suggested, key=lambda one: (-len(one.signs.shortlists), -len(one.signs.ready_for), one.officer_no))


def years_between(today: dt.date, last: dt.date) -> int:
    """Whole years from today to a last day of service."""
    years = max(0, last.year - today.year)
    return years if add_months(today, 12 * years) <= last + dt.timedelta(days=1) else years - 1


def counted_from(today: dt.date) -> dt.date:
    """Shortlists published since this day are a sign."""
    return add_months(today, -12 * SHORTLIST_YEARS)
