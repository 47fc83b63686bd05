"""Papers put together from the blueprint: what they are worth, a sample to look at, the paper of each candidate."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy.orm import Session

from webapp.assessments.bank.document import exact
from webapp.assessments.bank.models import Item, ItemPicture, ItemVersion
from webapp.assessments.bank.presenting import Presentation, present, without_key
from webapp.assessments.bank.queries import picture
from webapp.assessments.exams import rules
from webapp.assessments.exams.models import Exam
from webapp.assessments.exams.staff.queries import Line, blueprint_lines
from webapp.errors import NotFound


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in its place on somebody's paper, as they see it."""

    position: int
    version_id: int
    shown: Presentation
    points: Fraction

    @property
    def type(self) -> str:
        return self.shown.type


def worth(lines: Sequence[Line]) -> tuple[Fraction, Fraction]:
    """The least and the most that a paper drawn from these lines is worth; they differ where a line mixes points."""
    least = most = Fraction(0)
    for line in lines:
        if line.part.points is not None:
            each = [Fraction(line.part.points)] * line.part.draw
            least, most = least + sum(each), most + sum(each)
            continue
        points = sorted(exact(version.document["points"]) for version in line.pool)
        least += sum(points[: line.part.draw], Fraction(0))
        most += sum(points[-line.part.draw :], Fraction(0))
    return least, most


@dataclass(frozen=True)
class Source:
    """What every paper of an exam is drawn from, read once."""

    exam: Exam
    parts: tuple[rules.Part, ...]
    points: dict[int, Fraction | None]
    documents: dict[int, Any]

    def paper(self, seed: str) -> list[Asked]:
        """The paper of the holder of ``seed``: the same that they would get on screen. ValueError where a pool is short."""
        found = []
        drawn = rules.draw(self.parts, seed, shuffle=self.exam.shuffle)
        for place, (part, version) in enumerate(drawn, 1):
            document = self.documents[version]
            given = self.points[part]
            points = exact(document["points"]) if given is None else given
            found.append(Asked(place, version, present(document, f"{seed}:{version}"), points))
        return found


def source_of(session: Session, exam: Exam) -> Source:
    """Read the blueprint with its pools (of a draft as the bank stands now) and the questions' documents."""
    lines = blueprint_lines(session, exam)
    return Source(
        exam,
        tuple(rules.Part(line.part.id, line.part.draw, tuple(version.id for version in line.pool)) for line in lines),
        {line.part.id: None if line.part.points is None else Fraction(line.part.points) for line in lines},
        {version.id: version.document for line in lines for version in line.pool},
    )  # fmt: skip


def sample(session: Session, exam: Exam, seed: str) -> tuple[list[Asked], bool]:
    """A paper as some candidate would get it, and whether the pools are too small for one."""
    source = source_of(session, exam)
    try:
        return source.paper(f"{exam.code}:{seed}"), False
    except ValueError:
        return [], bool(source.parts)


def picture_in(session: Session, exam: Exam, sha256: str) -> ItemPicture:
    """A picture of a question in one of the exam's pools, never of its key. Raises ``NotFound``."""
    documents = source_of(session, exam).documents
    for number, document in sorted(documents.items()):
        if f"picture:{sha256}" in str(without_key(document)):
            item = session.get_one(Item, session.get_one(ItemVersion, number).item_id)
            return picture(session, item, sha256)
    raise NotFound()
