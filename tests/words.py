"""Which texts still want their English, and which Thai in templates is not wrapped. ``make words`` prints them."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from jinja2 import Environment, nodes

ROOT = Path(__file__).parent.parent
WEBAPP = ROOT / "webapp"
THAI = re.compile(r"[\u0e00-\u0e7f]")
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
# Refusals carry their sentence as a source text; the page that shows them translates it.
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    **dict.fromkeys(("_l", "lazy_gettext", "RuleBroken", "NotAllowed", "NotFound", "Conflict", "BadInput", "Refused")),
}
TRANSLATES = {"_", "gettext", "ngettext", "pgettext", "npgettext"}


def wrapped() -> Iterator[tuple[str, str]]:
    """Every text marked for translation, with the place where it stands."""
    found = extract_from_dir(
        str(WEBAPP), METHODS, {"**/templates/**.html": {"silent": "false"}}, KEYWORDS, directory_filter=_ours
    )
    for name, line, message, _comments, _context in found:
        for text in message if isinstance(message, tuple) else (message,):
            if text and THAI.search(text):
                yield text, f"webapp/{name}:{line}"


def _ours(folder: str | Path) -> bool:
    return Path(folder).name not in ("static", "translations", "__pycache__")


def untranslated() -> list[str]:
    """Wrapped texts without their English, as lines to read."""
    from webapp.language import merged_english

    english = merged_english()
    return sorted({f"{place}: {text}" for text, place in wrapped() if not english.get(text)})


def bare_thai() -> list[str]:
    """Thai in templates outside ``_('…')``, as lines to read."""
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    return [
        f"{path.relative_to(ROOT)}:{line}: {' '.join(text.split())[:100]}"
        for path in sorted(WEBAPP.rglob("templates/**/*.html"))
        if path.parent.name != "styleguide"  # its invented people are data, and it is not part of the product
        for line, text in _bare(environment.parse(path.read_text(encoding="utf-8")))
    ]


def _bare(node: nodes.Node, inside: bool = False) -> Iterator[tuple[int, str]]:
    """Thai text below ``node`` that no call to a translating function holds."""
    if isinstance(node, nodes.TemplateData) and THAI.search(node.data):
        yield node.lineno, next(line for line in node.data.splitlines() if THAI.search(line))
    if isinstance(node, nodes.Const) and not inside and isinstance(node.value, str) and THAI.search(node.value):
        yield node.lineno, node.value
    for child in node.iter_child_nodes():
        yield from _bare(child, inside or _is_no_text(node))


def _is_no_text(node: nodes.Node) -> bool:
    """Whether Thai below ``node`` is translated, or compared with and taken out rather than shown."""
    if isinstance(node, nodes.Call):
        return isinstance(node.node, nodes.Name) and node.node.name in TRANSLATES
    return isinstance(node, nodes.Compare) or (isinstance(node, nodes.Filter) and node.name == "replace")


def repeated() -> list[str]:
    """Texts to which two rooms give different English."""
    from babel.messages.pofile import read_po

    from webapp.language import sources

    given: dict[str, tuple[str, str]] = {}
    found = []
    for path in sources():
        place = str(path.relative_to(ROOT))
        with path.open("rb") as file:
            catalog = read_po(file, locale="en")
        for message in catalog:
            if not (message.id and message.string):
                continue
            before = given.setdefault(str(message.id), (str(message.string), place))
            if before[0] != str(message.string):
                english = str(message.string)
                found.append(f"{message.id!s}: {before[0]!r} in {before[1]}, {english!r} in {place}")
    return found


if __name__ == "__main__":
    missing, bare = untranslated(), bare_thai()
    sys.stdout.write("".join(f"{line}\n" for line in [*missing, *bare]))
    sys.stdout.write(f"{len(missing)} texts without English, {len(bare)} places with Thai that is not wrapped\n")
