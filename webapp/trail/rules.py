"""What is wrong with an audit chain, in one sentence. Pure: the walk is ``verifying.py``."""

from dataclasses import dataclass, field
from typing import Any

TROUBLES = (
    "edited", "deleted", "cut", "inserted", "reordered", "rewritten", "values-edited", "values-removed", "head-edited",
    "head-removed", "beyond-head", "not-this-head",
)  # fmt: skip
"""Everything a walk can find. The first four and the two after are what promise 8 names; the rest is where it happened."""


@dataclass(frozen=True)
class Verdict:
    """What the walk found: ``trouble`` is empty for a chain that is whole; ``entry`` is the first bad one."""

    length: int
    head: str
    trouble: str = ""
    entry: int | None = None
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        return not self.trouble


@dataclass(frozen=True)
class Link:
    """One entry as the walk sees it: its place, what it says about the one before, and whether its own hash is right."""

    id: int
    previous: str
    hash: str
    right: bool
    values: str = "right"
    """``right``, ``edited`` or ``removed``: the opening kept beside the chain."""


def first_trouble(expected: int, running: str, link: Link) -> str:
    """What is wrong with the entry that stands where ``expected`` should, after an entry with hash ``running``.

    Only what can be told from this one entry; the walk looks further when it says ``edited``.
    """
    if link.id > expected:
        return "deleted"
    if not link.right:
        return "edited"
    if link.previous != running:
        return "reordered"
    return {"edited": "values-edited", "removed": "values-removed"}.get(link.values, "")


def more_exactly(running: str, bad: Link, following: Link | None, moved_from: int | None, is_elsewhere: bool) -> str:
    """Which kind of tampering made an entry's own hash wrong.

    ``moved_from``: the place at which its hash would be right, if any. ``is_elsewhere``: whether the entry that belongs
    here stands somewhere else in the chain.
    """
    if moved_from is not None:
        return "reordered" if is_elsewhere or moved_from < bad.id else "deleted"
    if following is None:
        return "edited"
    if not following.right and following.previous == bad.hash:
        return "rewritten"
    if following.previous == running:
        return "inserted"
    return "edited"
