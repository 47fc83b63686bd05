"""What all pages of the room share: the blueprint, the day they look from, and the way to a post's eligibility pages."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from webapp import clock, thai
from webapp.database import db
from webapp.errors import Refused
from webapp.workforce import words
from webapp.workforce.outlook import Outlook
from webapp.workforce.queries import outlook

blueprint = Blueprint("workforce", __name__, template_folder="templates")

VIEW = "workforce:forecast:view"
CHANGE = "workforce:plan:change"
TALENT = "workforce:talent:list"
TALENT_CHANGE = "workforce:talent:change"

TABS = (
    (_l("ภาพรวม"), "workforce.overview", VIEW),
    (_l("ผลต่อเนื่อง"), "workforce.chain", VIEW),
    (_l("แผนเตรียมกำลังคน"), "workforce.plans", VIEW),
    (_l("กลุ่มผู้มีศักยภาพสูง"), "workforce.talent", TALENT),
)


@blueprint.context_processor
def _words_of_the_room() -> dict[str, Any]:
    return {"words": words, "fiscal": words.fiscal, "workforce_tabs": TABS}


@dataclass(frozen=True, slots=True)
class Looked:
    """The day a page looks from; ``problem`` says what could not be read."""

    day: dt.date
    typed: str = ""
    problem: str = ""

    @property
    def query(self) -> dict[str, str]:
        """The day as an argument of an address; none for today."""
        return {} if self.day == clock.today() else {"as_of": self.day.isoformat()}


def looked() -> Looked:
    """The day in the address (``as_of``), or today."""
    typed = str(request.args.get("as_of") or "").strip()
    if not typed:
        return Looked(clock.today())
    try:
        day = thai.parse_day(typed)
    except Refused as refusal:
        return Looked(clock.today(), typed, _(refusal.message, **refusal.values))
    if not EARLIEST <= day.year <= LATEST:
        return Looked(clock.today(), typed, _("เลือกวันที่ระหว่าง พ.ศ. 2500 ถึง 2700"))
    return Looked(day, typed)


EARLIEST, LATEST = 1957, 2157
"""Years that can be meant (2500 to 2700 in the Buddhist era)."""


def outlook_of(seen: Looked) -> Outlook:
    """The coming years as they look on that day."""
    return outlook(db.session, seen.day)


def year_asked(found: Outlook, key: str = "year") -> int:
    """The place in the span of the fiscal year in the address; the first where it names none of them."""
    typed = str(request.args.get(key) or "")
    index = found.index_of(int(typed)) if typed.isascii() and typed.isdigit() and len(typed) == 4 else 0
    return max(index, 0)


def eligibility_address(post: str, officer_no: str) -> str:
    """The page that explains how far an officer meets a post's criteria; empty where there is none."""
    path = f"/posts/{post}/eligibility/{officer_no}"
    try:
        current_app.url_map.bind("localhost").match(path, method="GET")
    except (NotFound, MethodNotAllowed, RequestRedirect):
        return ""
    return path
