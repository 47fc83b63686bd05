"""Two languages: Thai sources, an English catalog kept by each room in its ``english.po``, merged here.

Flask-Babel serves text only; dates and numbers are shown by ``thai.py``.
"""

import io
import os
import re
import tempfile
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, has_request_context, request
from flask_babel import Babel, Domain, get_domain, get_locale
from flask_login import current_user
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

ROOM = Path(__file__).parent
COMPILED = ROOM / "translations"
LANGUAGES = ("th", "en")
COOKIE = "language"

PLURALS = {
    "people": "person", "entries": "entry", "criteria": "criterion",
    **{
        f"{noun}s": noun
        for noun in (
            "answer", "blocker", "choice", "cohort", "component", "day", "file", "hour", "item", "line", "mark", "member",
            "minute", "month", "name", "officer", "place", "plan", "point", "question", "record", "row", "score", "seat",
            "session", "step", "time", "trainee", "unit", "year",
        )
    },
}  # fmt: skip
VERBS = {"are": "is", "have": "has", "were": "was", "need": "needs", "wait": "waits", "differ": "differs"}
COUNTED = re.compile(rf"%\((\w+)\)s (more |approved )?({'|'.join(PLURALS)})\b(?: ({'|'.join(VERBS)})\b)?")
"""A number in an English sentence, the noun it counts, and the verb of that noun."""


class Words(Domain):
    """The texts of the product. Thai has no plural; English agrees with its numbers ("1 person is")."""

    def __init__(self, domain: str) -> None:
        super().__init__(domain=domain)
        self.by_language: dict[str, Any] = {}

    def get_translations(self) -> Any:
        """The catalog of the page's language, found without asking babel to spell the locale each time."""
        locale = get_locale()
        if locale is None:
            return super().get_translations()
        found = self.by_language.get(locale.language)
        if found is None:
            found = self.by_language[locale.language] = super().get_translations()
        return found

    def gettext(self, string: str, **variables: Any) -> str:
        """The text in the reader's language, filled in."""
        text: str = self.get_translations().ugettext(string)
        return agreeing(text, variables) % variables if variables else text


class TwoLanguages(Babel):
    """Babel with our words."""

    @cached_property
    def domain_instance(self) -> Words:
        """One for the whole program."""
        return Words(domain=self.domain)


babel = TwoLanguages()


def agreeing(text: str, values: Mapping[str, Any]) -> str:
    """An English text, not filled in yet, with the nouns in the singular whose number is 1.

    Only the catalog's own words are touched, never what is filled in.
    """

    def one(found: re.Match[str]) -> str:
        name, before, noun, verb = found.groups()
        if str(values.get(name)) != "1":
            return found[0]
        return f"%({name})s {before or ''}{PLURALS[noun]}{f' {VERBS[verb]}' if verb else ''}"

    return COUNTED.sub(one, text)


@pass_eval_context
def _in_a_template(context: EvalContext, string: str, **variables: Any) -> str:
    """``_`` of the templates: always a format string, and what is filled in is escaped."""
    text: str = get_domain().get_translations().ugettext(string)
    if variables:
        text = agreeing(text, variables)
    return (Markup(text) if context.autoescape else text) % variables


def init_language(app: Flask) -> None:
    """Connect Flask-Babel, the language switch and the filters that show dates and numbers."""
    compile_english()
    babel.init_app(
        app,
        default_locale="th",
        default_timezone="Asia/Bangkok",
        default_translation_directories=str(COMPILED),
        locale_selector=chosen_language,
    )
    app.jinja_env.globals.update(gettext=_in_a_template, _=_in_a_template)


def chosen_language() -> str:
    """The reader's language: of the browser's cookie, else of the account, else Thai (``KAONA_LANGUAGE`` for commands)."""
    if not has_request_context():
        language = os.environ.get("KAONA_LANGUAGE", "th")
        return language if language in LANGUAGES else "th"
    language = request.cookies.get(COOKIE, "")
    if language in LANGUAGES:
        return language
    if current_user and current_user.is_authenticated:
        return str(current_user.language)
    return "th"


def language() -> str:
    """``th`` or ``en``: the language in which the page at hand is written."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "th"


def sources() -> list[Path]:
    """The rooms' English catalogs, in order."""
    return sorted(ROOM.rglob("english.po"))


def merged_english() -> Catalog:
    """All rooms' English in one catalog."""
    merged = Catalog(locale="en", domain="messages", fuzzy=False)
    for path in sources():
        with path.open("rb") as file:
            for message in read_po(file, locale="en"):
                if message.id and message.string:
                    merged.add(message.id, message.string, context=message.context, flags=message.flags)
    return merged


def compile_english(target: Path | None = None) -> Path:
    """Write the merged catalog where Flask-Babel reads it, if a room's catalog is newer; return its path."""
    folder = target or COMPILED
    compiled = folder / "en" / "LC_MESSAGES" / "messages.mo"
    newest = max((path.stat().st_mtime for path in sources()), default=0)
    if compiled.exists() and compiled.stat().st_mtime >= newest:
        return compiled
    compiled.parent.mkdir(parents=True, exist_ok=True)
    content = io.BytesIO()
    write_mo(content, merged_english())
    with tempfile.NamedTemporaryFile(dir=compiled.parent, delete=False) as draft:
        draft.write(content.getvalue())
    Path(draft.name).replace(compiled)
    return compiled
