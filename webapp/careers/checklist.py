"""What a target post needs before officers can be prepared for it: what is there, what is missing, in the order of work.

Pure: the page counts what there is and links each line to where it is done.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class PostFacts:
    """What there is of a post."""

    has_level: bool
    is_target: bool
    seats: int | None
    """All seats together; none where nobody has said."""
    published: int | None
    """The published version of its profile."""
    draft: int | None
    criteria: int
    """Top-level criteria of the published profile."""
    competencies: int
    courses: int
    """Courses in use that prepare for it."""
    has_entry_rule: bool
    paths: int


@dataclass(frozen=True)
class Item:
    """One line: what it is, and whether it is there (``done``), begun (``draft``) or missing."""

    key: str
    state: str
    count: int = 0


ORDER = ("level", "target", "seats", "profile", "criteria", "competencies", "course", "entry", "path")


def checklist(facts: PostFacts) -> list[Item]:
    """The lines in the order in which the work is done: post, mark, seats, profile, criteria, course, path."""
    drafted = "draft" if facts.draft is not None else "missing"
    found = {
        "level": Item("level", _state(facts.has_level)),
        "target": Item("target", _state(facts.is_target)),
        "seats": Item("seats", _state(facts.seats is not None), facts.seats or 0),
        "profile": Item("profile", "done" if facts.published else drafted, facts.published or facts.draft or 0),
        "criteria": Item("criteria", "done" if facts.criteria else drafted, facts.criteria),
        "competencies": Item("competencies", "done" if facts.competencies else drafted, facts.competencies),
        "course": Item("course", _state(bool(facts.courses)), facts.courses),
        "entry": Item("entry", "done" if facts.has_entry_rule else drafted),
        "path": Item("path", _state(bool(facts.paths)), facts.paths),
    }
    return [found[key] for key in ORDER]


def _state(there: bool) -> str:
    return "done" if there else "missing"


def missing(items: list[Item]) -> int:
    """How many lines are not done yet."""
    return sum(item.state != "done" for item in items)
