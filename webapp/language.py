"""Two languages: Thai sources, an English catalog kept by each room in its ``english.po``, merged here.

Flask-Babel serves text only; dates and numbers are shown by ``thai.py``.
"""

import io
import os
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, has_request_context, request
from flask_babel import Babel, get_locale
from flask_login import current_user

ROOM = Path(__file__).parent
COMPILED = ROOM / "translations"
LANGUAGES = ("th", "en")
COOKIE = "language"

babel = Babel()


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
