"""``kaona import`` and ``kaona import-template``: the same checks and writing as the pages."""

import json
import sys
from pathlib import Path
from typing import Any

import click
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from webapp.errors import BadInput

KINDS = (
    "units",
    "officers",
    "postings",
    "delegations",
    "works",
    "training",
    "competency-ratings",
    "enrollments",
    "attendance",
    "coaching",
    "scores",
    "roster",
)


@click.command("import")
@click.argument("kind", type=click.Choice(KINDS), metavar="KIND")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--sheet", metavar="NAME", help="The sheet to read; otherwise the one named after the kind, or the first."
)
@click.option("--dry-run", is_flag=True, help="Check everything, write nothing.")
@click.option("--json", "as_json_", is_flag=True, help="Print the report as one JSON document.")
def import_(kind: str, file: Path, sheet: str | None, dry_run: bool, as_json_: bool) -> None:
    """Bring in FILE (.xlsx or .csv): all rows or none. Exit 0 imported, 1 rows rejected, 2 file unusable."""
    from webapp.imports import reports

    try:
        checked = _checked_and_applied(kind, file, sheet, dry_run)
    except BadInput as refused:
        sentence = _(refused.message, **refused.values)
        if as_json_:
            _print_json(reports.unusable_as_json(kind, sentence))
        click.echo(sentence, err=True)
        sys.exit(2)
    if as_json_:
        _print_json(reports.as_json(checked, _))
    else:
        _print_for_people(checked, dry_run)
    sys.exit(2 if checked.unusable else 1 if checked.problems else 0)


def _checked_and_applied(kind: str, file: Path, sheet: str | None, dry_run: bool) -> Any:
    """Check the file while only reading; then, unless something is wrong, write it in one transaction."""
    from webapp.cli import acting
    from webapp.database import db, reading_only
    from webapp.errors import Conflict
    from webapp.imports.operations import apply_checked, check_file

    session, say = db.session, _speaker()
    reading = reading_only.set(True)
    try:
        actor = acting()
        checked = check_file(session, actor, kind, file, sheet=sheet, report=say)
    finally:
        session.rollback()
        reading_only.reset(reading)
    if checked.fit and not dry_run:
        try:
            apply_checked(session, actor, checked, report=say)
            session.commit()
        except IntegrityError as error:
            session.rollback()
            raise Conflict("มีผู้อื่นบันทึกข้อมูลเดียวกันพร้อมกัน กรุณานำเข้าอีกครั้ง") from error
    return checked


def _speaker() -> Any:
    """Says a new step, and every tenth per cent of a long one."""
    said = ("", -10)

    def say(progress: int, step: str) -> None:
        nonlocal said
        if step != said[0] or progress >= said[1] + 10:
            said = (step, progress)
            click.echo(f"{progress:3d}% {_(step)}", err=True)

    return say


def _print_json(document: dict[str, Any]) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=1))


def _print_for_people(checked: Any, dry_run: bool) -> None:
    from webapp.imports import reports

    for name, counts in checked.counts().items():
        click.echo(
            _(
                "%(kind)s: %(rows)s แถว เพิ่ม %(created)s แก้ไข %(updated)s ไม่เปลี่ยน %(unchanged)s",
                kind=name,
                **counts,
            )
        )
    for line in reports.lines(checked.warnings, _):
        click.echo(_("ข้อสังเกต: %(line)s", line=line))
    for line in reports.lines(checked.errors, _):
        click.echo(_("ไม่รับ: %(line)s", line=line), err=True)
    if not checked.fit:
        click.echo(_("ไม่มีการบันทึกใด ๆ พบ %(errors)s จุดที่ต้องแก้ไข", errors=len(checked.errors)), err=True)
    elif dry_run:
        click.echo(_("ตรวจแล้วใช้ได้ทั้งหมด ยังไม่ได้บันทึก"))


@click.command("import-template")
@click.argument("kind", type=click.Choice(KINDS), metavar="KIND")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--thai-headings", is_flag=True, help="Thai headings in the first row instead of the column names.")
def import_template(kind: str, file: Path, thai_headings: bool) -> None:
    """Write an empty workbook for KIND with headings, drop-downs and one line of help per column."""
    from webapp.database import db
    from webapp.imports.blank import blank_workbook

    content = blank_workbook(db.session, kind, thai_headings=thai_headings)
    db.session.rollback()
    try:
        file.write_bytes(content)
    except OSError as error:
        raise BadInput("เขียนไฟล์ %(file)s ไม่ได้", file=str(file)) from error
    click.echo(str(file), err=True)
