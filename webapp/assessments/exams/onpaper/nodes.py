"""The markup of questions as the printer sets it: blocks and runs, never source text. Pure.

``[{"p": [run, …]}, {"list": [[block, …], …], "ordered": bool}, {"table": [[[run, …], …], …]}]``; a run is ``{"t": words}``
with ``b``, ``i``, ``u``, ``sub`` or ``sup``, ``{"br": 1}``, or ``{"img": sha256, "alt": words}``.
"""

from html.parser import HTMLParser
from typing import Any

Run = dict[str, Any]
Block = dict[str, Any]
_STYLES = {"strong": "b", "b": "b", "em": "i", "i": "i", "u": "u", "sub": "sub", "sup": "sup", "code": "i"}
_BLOCKS = {"p", "pre", "blockquote", "caption"}


def blocks_of(markup: str) -> list[Block]:
    """The blocks of a text that ``richtext`` has cleaned."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    reader.end_block()
    return reader.top


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.top: list[Block] = []
        self.holders: list[list[Block]] = [self.top]
        self.runs: list[Run] = []
        self.styles: list[str] = []
        self.lists: list[Block] = []
        self.rows: list[list[list[Run]]] | None = None

    def end_block(self) -> None:
        """Put what has been read so far into a paragraph of its own."""
        while self.runs and self.runs[-1].get("t", "x").strip() == "":
            self.runs.pop()
        if self.runs:
            if self.rows is None:
                self.holders[-1].append({"p": self.runs})
            elif self.rows and self.rows[-1]:
                self.rows[-1][-1] += self.runs
        self.runs = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in _STYLES:
            self.styles.append(_STYLES[tag])
        elif tag == "br":
            self.runs.append({"br": 1})
        elif tag == "img":
            source = (values.get("src") or "").removeprefix("picture:")
            self.runs.append({"img": source, "alt": values.get("alt") or ""})
        elif tag in _BLOCKS:
            self.end_block()
        elif tag in ("ul", "ol"):
            self.end_block()
            block: Block = {"list": [], "ordered": tag == "ol"}
            self.holders[-1].append(block)
            self.lists.append(block)
        elif tag == "li" and self.lists:
            self.end_block()
            self.lists[-1]["list"].append([])
            self.holders.append(self.lists[-1]["list"][-1])
        elif tag == "table":
            self.end_block()
            self.rows = []
        elif tag == "tr" and self.rows is not None:
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.end_block()
            self.rows[-1].append([])

    def handle_endtag(self, tag: str) -> None:
        if tag in _STYLES:
            if _STYLES[tag] in self.styles:
                self.styles.remove(_STYLES[tag])
        elif tag in _BLOCKS:
            self.end_block()
        elif tag == "li" and len(self.holders) > 1:
            self.end_block()
            self.holders.pop()
        elif tag in ("ul", "ol") and self.lists:
            self.end_block()
            self.lists.pop()
        elif tag in ("td", "th"):
            self.end_block()
        elif tag == "table" and self.rows is not None:
            self.end_block()
            rows, self.rows = [row for row in self.rows if row], None
            if rows:
                wide = max(len(row) for row in rows)
                self.holders[-1].append({"table": [row + [[]] * (wide - len(row)) for row in rows]})

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split()) if data.strip() else " "
        if not self.runs and not words.strip():
            return
        if data[:1].isspace() and words.strip() and self.runs:
            words = " " + words
        if data[-1:].isspace() and words.strip():
            words += " "
        self.runs.append({"t": words} | dict.fromkeys(self.styles, 1))
