"""What a reader asked of a table: words to find, filters, order, columns and page, read from the address.

Everything is read against an allowed set; what is not allowed is ignored, so an old or edited link never fails.

Example (a view, then its template)::

    COLUMNS = (
        Column("name", _l("ชื่อ"), sortable=True, always=True),
        Column("district", _l("เขต"), sortable=True),
        Column("hours", _l("ชั่วโมง"), sortable=True, numeric=True),
    )
    view = read_table(COLUMNS, request.args, path=request.path, sort="name",
                      filters=(Filter("status", _l("สถานะ"), STATUS_CHOICES),))
    rows, total = queries.officers_page(session, words=view.words, status=view.chosen["status"],
                                        sort=view.sort, descending=view.descending,
                                        limit=view.limit, offset=view.offset)
    return render_template("officers/list.html", table=view.counted(total), rows=rows)

    {% import '_tables.html' as tables %}     {# how to write the rows: top of _tables.html #}

Addresses look like ``?q=สม&status=enrolled&sort=hours&dir=desc&page=2&columns=name&columns=hours``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol
from urllib.parse import urlencode

from webapp.thai import normalized

PAGE_SIZE = 50
"""Rows on a page: what an office reads in one sitting, and what the page floor was measured with."""

MANY_WORDS = 100
"""Longest search kept, in characters: longer than any name with its title."""

LAST_PAGE = 100_000
"""Pages beyond this are nobody's question; the bound keeps the offset within the database's integers."""


class Arguments(Protocol):
    """The part of Werkzeug's MultiDict that is read here, so that plain tests need no request."""

    def get(self, key: str, default: Any = None) -> Any: ...
    def getlist(self, key: str) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Column:
    """A column a table can show. ``always`` columns cannot be put away (the name, usually)."""

    key: str
    label: Any
    sortable: bool = False
    numeric: bool = False
    always: bool = False
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Filter:
    """A drop-down above a table: ``choices`` are (value, words) pairs; no choice means everything."""

    key: str
    label: Any
    choices: Sequence[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Head:
    """A column head as printed: its words, whether it holds numbers, its link and its present order."""

    key: str
    label: str
    numeric: bool
    link: str
    order: str


@dataclass(frozen=True)
class TableView:
    """A table as the reader asked for it; build it with :func:`read_table`."""

    columns: tuple[Column, ...]
    filters: tuple[Filter, ...]
    path: str
    words: str
    chosen: Mapping[str, str]
    sort: str
    descending: bool
    page: int
    limit: int
    picked: frozenset[str]
    asked: tuple[tuple[str, str], ...]
    total: int | None = None
    kept: tuple[tuple[str, str], ...] = field(default=())

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.limit

    @property
    def pages(self) -> int:
        return max(1, -(-(self.total or 0) // self.limit))

    @property
    def first(self) -> int:
        return self.offset + 1 if self.total else 0

    @property
    def last(self) -> int:
        return min(self.offset + self.limit, self.total or 0)

    @property
    def narrowed(self) -> bool:
        """Whether words or filters hide some rows, so that "nothing found" differs from "nothing yet"."""
        return bool(self.words) or any(self.chosen.values())

    @cached_property
    def labels(self) -> dict[str, str]:
        """Each column's words, made once: they stand beside every value when rows become cards."""
        return {column.key: str(column.label) for column in self.columns}

    @cached_property
    def heads(self) -> tuple[Head, ...]:
        return tuple(self._head(column) for column in self.columns if column.key in self.picked)

    def counted(self, total: int) -> TableView:
        """The same table knowing how many rows there are in all."""
        return replace(self, total=total)

    def link(self, **changes: str | int | None) -> str:
        """The address of this table with some arguments changed; None takes one away."""
        pairs = [(key, value) for key, value in self.asked if key not in changes]
        pairs += [(key, str(value)) for key, value in changes.items() if value is not None]
        return f"{self.path}?{urlencode(pairs)}" if pairs else self.path

    def page_link(self, page: int) -> str:
        return self.link(page=page if page > 1 else None)

    def everything_link(self) -> str:
        """The address without words and filters, the order and the columns kept."""
        gone: dict[str, None] = dict.fromkeys(("q", "page", *self.chosen))
        return self.link(**gone)

    def export_link(self, path: str, **more: str) -> str:
        """What is seen, for an export page: the same question without the page number."""
        pairs = [(key, value) for key, value in self.asked if key != "page"] + list(more.items())
        mark = "&" if "?" in path else "?"
        return f"{path}{mark}{urlencode(pairs)}" if pairs else path

    def hidden(self, *without: str) -> list[tuple[str, str]]:
        """Arguments a form must carry along in hidden fields, so that one question does not undo another."""
        return [(key, value) for key, value in self.asked if key not in without and key != "page"]

    def near_pages(self) -> list[int]:
        """Page numbers worth a link: first, last and two around the present; 0 stands for a gap."""
        wanted = sorted({1, self.pages, *range(max(1, self.page - 2), min(self.pages, self.page + 2) + 1)})
        pages: list[int] = []
        for number in wanted:
            if pages and number - pages[-1] > 1:
                pages.append(0)
            pages.append(number)
        return pages

    def _head(self, column: Column) -> Head:
        present = column.key == self.sort
        order = ("descending" if self.descending else "ascending") if present else ""
        other = "desc" if present and not self.descending else "asc"
        link = self.link(sort=column.key, dir=other, page=None) if column.sortable else ""
        return Head(column.key, self.labels[column.key], column.numeric, link, order)


def read_table(
    columns: Sequence[Column],
    arguments: Arguments,
    *,
    path: str,
    sort: str,
    descending: bool = False,
    filters: Sequence[Filter] = (),
    limit: int = PAGE_SIZE,
    keep: Sequence[str] = (),
) -> TableView:
    """What the reader asked, within what is allowed; ``sort`` and ``descending`` are the order when nothing is asked.

    ``keep`` names further arguments of the page (a tab, say) that links of the table carry along unread.
    """
    words = normalized(str(arguments.get("q") or ""))[:MANY_WORDS]
    chosen = {item.key: _allowed(arguments.get(item.key), item) for item in filters}
    asked_sort, asked_dir = arguments.get("sort"), arguments.get("dir")
    if asked_sort in {column.key for column in columns if column.sortable}:
        order, down = str(asked_sort), asked_dir == "desc"
    else:
        order, down, asked_sort = sort, descending, None
    page = _page(arguments.get("page"))
    picked, said = _picked(columns, arguments.getlist("columns"))
    kept = tuple((key, str(arguments.get(key))) for key in keep if arguments.get(key))
    asked = [*kept, *([("q", words)] if words else []), *((k, v) for k, v in chosen.items() if v)]
    asked += [("sort", order), ("dir", "desc" if down else "asc")] if asked_sort else []
    asked += [("columns", key) for key in said]
    asked += [("page", str(page))] if page > 1 else []
    return TableView(
        columns=tuple(columns), filters=tuple(filters), path=path, words=words, chosen=chosen, sort=order,
        descending=down, page=page, limit=limit, picked=picked, asked=tuple(asked), kept=kept,
    )  # fmt: skip


def _allowed(value: str | None, item: Filter) -> str:
    return value if value and value in {choice for choice, _ in item.choices} else ""


def _page(value: str | None) -> int:
    if not value or not value.isascii() or not value.isdigit() or len(value) > 6:
        return 1
    return min(max(int(value), 1), LAST_PAGE)


def _picked(columns: Sequence[Column], asked: Sequence[str]) -> tuple[frozenset[str], list[str]]:
    """Columns to show, and which of them the address must name: none while the reader has not chosen."""
    wanted = set(asked)
    known = [column.key for column in columns if column.key in wanted]
    if not known:
        return frozenset(column.key for column in columns if column.shown or column.always), []
    return frozenset({*known, *(column.key for column in columns if column.always)}), known
