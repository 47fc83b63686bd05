"""``kaona scorecard export`` and ``kaona record export``: the same files as the pages give, written whole or not at all."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from flask_babel import force_locale
from flask_babel import gettext as _

from webapp.errors import BadInput

LANGUAGE = click.option(
    "--language",
    type=click.Choice(("th", "en")),
    default=lambda: os.environ.get("KAONA_LANGUAGE", "th"),
    help="Of the file: th or en.",
)


@click.command()
@click.argument("cohort")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--officer", default="", metavar="NO", help="One officer's scorecard alone.")
@LANGUAGE
def scorecard(cohort: str, file: Path, officer: str, language: str) -> None:
    """Write the scorecards of COHORT to FILE (.xlsx)."""
    from webapp.exports import operations
    from webapp.exports.writing import check_target
    from webapp.shortlist.queries import cohort_by_code

    if file.suffix.lower() != ".xlsx":
        raise BadInput("ใบคะแนนเขียนเป็น .xlsx เท่านั้น เปลี่ยนนามสกุลของ %(file)s", file=file.name)
    check_target(file)
    _make(file, language, lambda session, actor: operations.scorecards(
        session, actor=actor, cohort=cohort_by_code(session, cohort), officer_no=officer, report=_speaker()))  # fmt: skip


@click.command()
@click.argument("officer_no")
@click.argument("file", type=click.Path(path_type=Path))
@LANGUAGE
def record(officer_no: str, file: Path, language: str) -> None:
    """Write the development record of OFFICER_NO to FILE (.xlsx, .pdf or .json)."""
    from webapp.exports import operations
    from webapp.exports.writing import check_target

    kind = operations.check_kind(file.suffix.lower().removeprefix("."))
    check_target(file)
    _make(file, language, lambda session, actor: operations.record(
        session, actor=actor, reader=operations.reader_for(session, actor), kind=kind,
        officer=operations.officer_or_refusal(session, officer_no)))  # fmt: skip


def _make(file: Path, language: str, made: Callable[..., Any]) -> None:
    """Make the file while only reading; then note in the audit log who took it, and put it in its place."""
    from webapp.cli import acting
    from webapp.database import db, only_reading
    from webapp.exports import operations
    from webapp.exports.writing import Whole

    with only_reading():
        actor = acting()
        with force_locale(language):
            taken = made(db.session, actor)
    with Whole(file, taken.content) as whole:
        operations.note(db.session, actor, taken)
        db.session.commit()
        whole.keep()
    click.echo(_("เขียน %(file)s แล้ว", file=str(file)), err=True)


def _speaker() -> Callable[[int, str], None]:
    """Says every tenth per cent."""
    said = -10

    def say(progress: int, step: str) -> None:
        nonlocal said
        if progress >= said + 10:
            said = progress
            click.echo(f"{progress:3d}% {step}", err=True)

    return say
