"""A task of a home page: what to do, where, and by when."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from webapp import thai

SHOWN = 8
"""Tasks of one kind shown one by one; beyond, a line says how many more there are."""


@dataclass(frozen=True)
class Task:
    """Something that needs the reader. ``due`` is its day; ``waits`` marks what holds somebody else up."""

    title: str
    url: str
    note: str = ""
    due: dt.date | None = None
    waits: bool = False


def state_of(task: Task, today: dt.date) -> str:
    """``late`` after its day, ``today`` on it or where somebody waits, else nothing."""
    if task.due is not None and task.due < today:
        return "late"
    return "today" if task.due == today or (task.waits and task.due is None) else ""


def in_order(tasks: Iterable[Task], today: dt.date) -> list[dict[str, Any]]:
    """The tasks as the page shows them: late first, then by day, then what has none; the order given among equals."""
    rank = {"late": 0, "today": 1, "": 2}
    ordered = sorted(tasks, key=lambda task: (rank[state_of(task, today)], task.due or dt.date.max))
    return [
        {
            "title": task.title, "url": task.url, "note": task.note,
            "state": "late" if state_of(task, today) == "late" else "today" if task.due == today else "",
            "due": _("ภายใน %(day)s", day=thai.day(task.due)) if task.due else "",
        }
        for task in ordered
    ]  # fmt: skip


def some(tasks: list[Task], more_url: str) -> list[Task]:
    """The first tasks of a kind, and one that leads to the rest."""
    if len(tasks) <= SHOWN:
        return tasks
    return [*tasks[:SHOWN], Task(_("และอีก %(count)s เรื่อง", count=len(tasks) - SHOWN), more_url)]
