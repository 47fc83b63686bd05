"""Shipped texts that are only ever added to: competency versions, the register of remarks with its answers, evidence."""

from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.careers.models import Competency
from webapp.careers.profiles.models import BodyRemark, CompetencyVersion, Evidence, RemarkAnswer
from webapp.careers.shipped import read

TOLD = ("name_th", "name_en", "definition_th", "definition_en", "levels")
"""What a version of a competency keeps."""


class Counts(Protocol):
    """What a load did, in rows."""

    added: int
    unchanged: int


def keep_competency_versions(session: Session, loaded: Counts, by: str) -> None:
    """Every wording of a competency has its version: a new or newly shipped one is kept as the next."""
    last: dict[str, CompetencyVersion] = {}
    for row in session.scalars(select(CompetencyVersion).order_by(CompetencyVersion.version)):
        last[row.code] = row
    for competency in session.scalars(select(Competency).order_by(Competency.position)):
        kept, told = last.get(competency.code), {name: getattr(competency, name) for name in TOLD}
        if kept is not None and all(getattr(kept, name) == value for name, value in told.items()):
            loaded.unchanged += 1
            continue
        competency.version = 1 if kept is None else kept.version + 1
        session.add(
            CompetencyVersion(
                code=competency.code, version=competency.version, changed_by=by, changed_at=clock.now(), **told
            )
        )
        loaded.added += 1
    session.flush()


def remarks() -> list[dict[str, Any]]:
    """The register's remarks as rows."""
    document = read.read("register")
    rows = []
    for place, row in enumerate(document["remarks"], start=1):
        body = document["bodies"][row["body"]]
        rows.append(
            {
                "code": row["code"], "body_th": body["name_th"], "body_en": body["name_en"],
                "said_on": body.get("said_on"), "number": row["number"], "text_th": row["text_th"],
                "text_en": row["text_en"], "posts": row["posts"], "position": place,
                "source": body["source"].format(number=row["number"]),
                "source_en": body["source_en"].format(number=row["number"]),
            }
        )  # fmt: skip
    return rows


def answer_remarks(session: Session, loaded: Counts, by: str) -> None:
    """The shipped answers: added where nobody has answered, and anew where a shipped one still stands and has changed."""
    standing: dict[str, RemarkAnswer] = {}
    for answer in session.scalars(select(RemarkAnswer).order_by(RemarkAnswer.id)):
        standing[answer.remark_code] = answer
    there = set(session.scalars(select(BodyRemark.code)))
    for row in read.read("register")["remarks"]:
        told = {name: row[name] for name in ("status", "done_th", "done_en", "link")}
        present = standing.get(row["code"])
        as_shipped = present is not None and all(getattr(present, name) == value for name, value in told.items())
        if row["code"] not in there or as_shipped or (present is not None and present.entered_by != by):
            loaded.unchanged += 1
            continue
        session.add(
            RemarkAnswer(
                remark_code=row["code"],
                replaces_id=present and present.id,
                entered_by=by,
                entered_at=clock.now(),
                **told,
            )
        )
        loaded.added += 1
    session.flush()


def add_evidence(session: Session, loaded: Counts, by: str, posts: dict[str, int]) -> None:
    """The shipped evidence, once: what was replaced or withdrawn here is not brought back."""
    there = {
        (row.post_id, row.title)
        for row in session.execute(select(Evidence.post_id, Evidence.title).where(Evidence.entered_by == by))
    }
    for row in read.read("register")["evidence"]:
        told = {name: _both(row[name]) for name in ("title", "part", "summary", "answer") if name in row}
        for code in row["posts"]:
            if (posts[code], told["title"]) in there:
                loaded.unchanged += 1
                continue
            session.add(
                Evidence(
                    post_id=posts[code],
                    kind=row["kind"],
                    entered_by=by,
                    entered_at=clock.now(),
                    profile_version=1,
                    **told,
                )
            )
            loaded.added += 1
    session.flush()


def _both(text: dict[str, str]) -> str:
    """Thai first, English second, on two lines."""
    return f"{text['name_th']}\n{text['name_en']}"
