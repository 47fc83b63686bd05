"""What a record's file is made of, read once as far as the reader may see it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.careers import queries as careers
from webapp.careers.models import Competency, Post
from webapp.officers.models import Officer
from webapp.records import queries
from webapp.records.record import DevelopmentRecord
from webapp.records.rules import Reader
from webapp.shortlist.queries import places_of
from webapp.thai import masked_national_id


@dataclass(frozen=True, slots=True)
class RecordMaterial:
    """A development record with what the files show beside it. The national id is masked here already."""

    record: DevelopmentRecord
    national_id: str
    post: Post | None
    expected: Sequence[Mapping[str, Any]]
    known: Mapping[str, Competency]
    today: dt.date
    made_at: dt.datetime
    audit_head: tuple[int, str]


def gather_record(session: Session, officer: Officer, reader: Reader) -> RecordMaterial:
    """The officer's record for ``reader``. Raises ``NotFound`` where it is not theirs to see."""
    found = queries.record_of(session, officer, reader, places_of)
    post = _post(session, found)
    profile = careers.published_profile(session, post.id) if post is not None else None
    return RecordMaterial(
        record=found, national_id=masked_national_id(officer.national_id), post=post,
        expected=tuple(profile.document.get("competencies", ())) if profile is not None else (),
        known={row.code: row for row in careers.competencies(session)}, today=clock.today(), made_at=clock.now(),
        audit_head=audit.head_of(session),
    )  # fmt: skip


def _post(session: Session, found: DevelopmentRecord) -> Post | None:
    """The post the radar is held against: that of the officer's latest course, else the first with a profile."""
    posts = queries.posts_with_profiles(session)
    for cohort in found.cohorts:
        for post in posts:
            if cohort.course.code == f"{post.code}-course":
                return post
    return posts[0] if posts else None
