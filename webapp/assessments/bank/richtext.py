"""The markup that questions may have: paragraphs, emphasis, lists, tables, sub- and superscript, stored pictures.

Everything else is taken out, its text kept (scripts and styles go with their content). A picture is named by the SHA-256 of
its content, ``<img src="picture:…">``, so that a document means the same wherever it is copied.
"""

import html
import re
from collections.abc import Callable

import nh3

TAGS = {
    "p", "br", "strong", "b", "em", "i", "u", "sub", "sup", "ul", "ol", "li", "table", "caption", "thead", "tbody", "tr",
    "th", "td", "img", "pre", "code", "blockquote",
}  # fmt: skip
ATTRIBUTES = {
    "img": {"src", "alt"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
}
DROPPED_WITH_CONTENT = {"script", "style", "head", "title", "object", "iframe", "template", "noscript"}
PICTURE = re.compile(r"picture:([0-9a-f]{64})")
LONGEST = 50_000
BLOCKS = re.compile(r"</?(?:p|br|li|tr|table|pre|blockquote|caption|ul|ol)\b[^<>]*>")
_DIVISION = re.compile(r"<(/?)(?:div|section|h[1-6])\b[^<>]*>", re.IGNORECASE)
_KNOWN_TAG = re.compile(rf"</?(?:{'|'.join(sorted(TAGS))})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_IMAGE = re.compile(r'<img\b[^<>]*?src="picture:([0-9a-f]{64})"[^<>]*>')
_NUMBER = re.compile(r"\d{1,3}")
_ONE_PARAGRAPH = re.compile(r"<p>((?:(?!</?(?:p|ul|ol|table|pre|blockquote)\b).)*)</p>", re.DOTALL)


def _attribute(tag: str, name: str, value: str) -> str | None:
    if tag == "img" and name == "src":
        return value if PICTURE.fullmatch(value) else None
    if name in ("colspan", "rowspan", "start"):
        return value if _NUMBER.fullmatch(value) else None
    if name == "scope":
        return value if value in ("row", "col") else None
    return value[:500]


def cleaned(markup: str) -> str:
    """The markup with only what questions may have; a picture that is none of ours is left out, its words kept.

    A single paragraph stands without its tags, so that the same words have one form.
    """
    text = str(markup)[:LONGEST].replace("\x00", "").strip()
    if not text:
        return ""
    text = _DIVISION.sub(lambda match: f"<{match[1]}p>", text)
    kept = nh3.clean(
        text, tags=TAGS, attributes=ATTRIBUTES, clean_content_tags=DROPPED_WITH_CONTENT, attribute_filter=_attribute,
        url_schemes={"picture"}, link_rel=None, strip_comments=True,
    )  # fmt: skip
    kept = re.sub(r"<img(?![^<>]*\bsrc=)([^<>]*)>", _without_source, kept)
    kept = re.sub(r"(?:<p>\s*</p>\s*)+$|^(?:\s*<p>\s*</p>)+", "", kept).strip()
    alone = _ONE_PARAGRAPH.fullmatch(kept)
    return alone[1].strip() if alone else kept


def _without_source(match: re.Match[str]) -> str:
    alt = re.search(r'alt="([^"]*)"', match[1])
    return f"[{alt[1]}]" if alt and alt[1] else ""


def from_typed(text: str) -> str:
    """What an author typed: markup where there are tags that questions may have, else plain lines and paragraphs."""
    text = (text or "").replace("\r\n", "\n").strip()
    if _KNOWN_TAG.search(text):
        return cleaned(text)
    blocks = [block.strip() for block in re.split(r"\n\s*\n", text) if block.strip()]
    lines = ["<br>".join(html.escape(line.strip(), quote=False) for line in block.split("\n")) for block in blocks]
    return cleaned(lines[0] if len(lines) == 1 else "".join(f"<p>{line}</p>" for line in lines))


def to_typed(markup: str) -> str:
    """The markup as an author edits it: plain lines where it has nothing else, so that most need know no tags."""
    plain_only = re.sub(r"</?p>|<br>", "", markup)
    if "<" in plain_only:
        return markup
    text = re.sub(r"</p>\s*<p>", "\n\n", markup)
    typed = html.unescape(re.sub(r"</?p>", "", text.replace("<br>", "\n"))).strip()
    return markup if _KNOWN_TAG.search(typed) else typed


def plain(markup: str) -> str:
    """The words alone, on one line; a picture by its description."""
    text = re.sub(r'<img\b[^<>]*?alt="([^"]*)"[^<>]*>', r" [\1] ", markup)
    text = re.sub(r"<[^<>]+>", "", BLOCKS.sub(" ", text))
    return " ".join(html.unescape(text).split())


def says_something(markup: str) -> bool:
    """Whether a reader sees anything."""
    return bool(plain(markup)) or "<img" in markup


def pictures_in(markup: str) -> list[str]:
    """The SHA-256 of every picture in it, in order."""
    return [match[1] for match in _IMAGE.finditer(markup)]


def shown(markup: str, address: Callable[[str], str]) -> str:
    """The markup for a page: ``address`` gives where a picture of this SHA-256 is served to this reader."""
    return _IMAGE.sub(lambda match: match[0].replace(f"picture:{match[1]}", html.escape(address(match[1]))), markup)
