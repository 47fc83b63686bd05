"""How career paths are drawn and told: lanes for the map, with a word for whoever stands on a step."""

from collections.abc import Callable, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from webapp import charts
from webapp.careers import queries, words

Told = tuple[str, str]
"""What stands on a step (in words), and its state: ``here``, ``done`` or nothing."""


class PathWords:
    """The names that paths are told with, read once."""

    def __init__(self, session: Session, paths: Sequence[Any]) -> None:
        codes = sorted({step["post"] for path in paths for step in path.steps if step.get("post")})
        self.posts = queries.posts_of_codes(session, codes)
        self.levels = queries.level_names(session)

    def of(self, path: Any) -> list[words.StepWords]:
        """The steps of a path in words."""
        return words.steps(path, self.posts, self.levels)


def drawn(
    paths: Sequence[Any], told: PathWords, *, title: str, sentence: str, columns: int = 0, tag_head: str = "",
    standing: Callable[[Any, int], Told] = lambda _path, _step: ("", ""),
) -> charts.Picture:  # fmt: skip
    """Paths as lanes of steps; a single one is named by the picture's title alone."""
    lanes = [
        charts.Way(
            words.in_language(path) if len(paths) > 1 else "",
            tuple(
                charts.WayStep(step.label, step.notes, *standing(path, place))
                for place, step in enumerate(told.of(path))
            ),
        )
        for path in paths
    ]
    return charts.ways(lanes, title=title, sentence=sentence, columns=columns, tag_head=tag_head)


def by_kind(paths: Sequence[Any]) -> list[tuple[str, list[Any]]]:
    """Paths grouped by where they grow, in the order in which the kinds first come."""
    groups: dict[str, list[Any]] = {}
    for path in paths:
        groups.setdefault(path.kind, []).append(path)
    return list(groups.items())


def longest(paths: Sequence[Any]) -> int:
    """The steps of the longest path, so that all lanes of a page share their columns."""
    return max((len(path.steps) for path in paths), default=0)


def maps(session: Session, paths: Sequence[Any], **more: Any) -> list[tuple[str, list[Any], charts.Picture]]:
    """For each kind of path: its name, its paths, and the picture of their lanes."""
    told = PathWords(session, paths)
    found = []
    for kind, group in by_kind(paths):
        name = str(words.PATH_KINDS.get(kind, kind))
        sentence = _("%(count)s เส้นทาง อ่านจากซ้ายไปขวา ขั้นสุดท้ายคือตำแหน่งปลายทาง", count=len(group))
        picture = drawn(group, told, title=name, sentence=sentence, columns=longest(paths), **more)
        found.append((kind, group, picture))
    return found
