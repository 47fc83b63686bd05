"""``kaona cohort rank``, ``kaona cohort close``, ``kaona shortlist run`` and ``kaona shortlist verify``."""

import json
import sys
from typing import Any

import click
from flask_babel import gettext as _

from webapp.cli import acting
from webapp.database import db
from webapp.records.words import reason_words
from webapp.shortlist import closing, operations
from webapp.shortlist.freezing import thawed
from webapp.shortlist.models import ShortlistRun
from webapp.shortlist.queries import cohort_by_code
from webapp.shortlist.verification import differences

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
SIZE = click.option("--size", type=click.IntRange(min=1), help="How many names are listed (default: the cohort's).")


@click.command()
@click.argument("cohort")
@SIZE
@AS_JSON
def rank(cohort: str, size: int | None, as_json: bool) -> None:
    """Rank COHORT as its scores stand now, without freezing anything."""
    inputs = operations.inputs_of(db.session, cohort_by_code(db.session, cohort), size)
    result = operations.result_of(inputs)
    _say(document(result, inputs, run=None), as_json)


@click.command()
@click.argument("cohort")
@SIZE
@AS_JSON
def run(cohort: str, size: int | None, as_json: bool) -> None:
    """Freeze a draft shortlist of COHORT."""
    made = operations.draw_up(db.session, actor=acting(), cohort=cohort_by_code(db.session, cohort), size=size)
    db.session.commit()
    _say(document(thawed(made.result), thawed(made.inputs), run=made), as_json)


@click.command()
@click.argument("run_id", type=int)
@AS_JSON
def verify(run_id: int, as_json: bool) -> None:
    """Recompute run RUN_ID from what it froze; exit 1 on any difference."""
    found = operations.run_or_404(db.session, run_id)
    problems = differences(db.session, found)
    if as_json:
        click.echo(json.dumps(
            {"run_id": found.id, "verified": not problems, "differences": problems,
             "inputs_digest": found.inputs_digest, "result_digest": found.result_digest}, ensure_ascii=False))  # fmt: skip
    elif not problems:
        click.echo(_("รายชื่อหมายเลข %(run)s คำนวณใหม่ได้ผลตรงกันทุกตัวอักษร", run=found.id))
    for problem in problems:
        click.echo(problem, err=True)
    sys.exit(1 if problems else 0)


@click.command()
@click.argument("cohort")
@click.option("--reopen", is_flag=True, help="Take the closing back: its training records are voided.")
@click.option("--reason", default="", help="Why it is reopened.")
@AS_JSON
def close(cohort: str, reopen: bool, reason: str, as_json: bool) -> None:
    """Close COHORT: write the passed and failed training records of its trainees."""
    found = cohort_by_code(db.session, cohort)
    if reopen:
        report = closing.reopen(db.session, actor=acting(), cohort=found, reason=reason)
        sentence = _(
            "เปิดรุ่น %(cohort)s อีกครั้งแล้ว ประวัติการอบรม %(voided)s รายการถูกยกเลิก", cohort=cohort, voided=report.voided
        )
    else:
        report = closing.close(db.session, actor=acting(), cohort=found)
        sentence = _("ปิดรุ่น %(cohort)s แล้ว ผ่าน %(passed)s คน ไม่ผ่าน %(failed)s คน",
                     cohort=cohort, passed=report.passed, failed=report.failed)  # fmt: skip
    db.session.commit()
    if as_json:
        click.echo(json.dumps(report.document(), ensure_ascii=False))
    else:
        click.echo(sentence)


def document(result: dict[str, Any], inputs: dict[str, Any], run: ShortlistRun | None) -> dict[str, Any]:
    """The result with the keys and types that ``formats.md`` promises."""
    names = inputs["plan_facts"]["components"]
    return {
        "cohort": result["cohort"],
        "size": result["size"],
        "plan_version": result["plan_version"],
        "run_id": None if run is None else run.id,
        "status": None if run is None else run.status,
        "entries": [
            {key: entry[key] for key in
             ("rank", "officer_no", "name_th", "composite", "components", "shortlisted", "tied_at_line")}
            for entry in result["entries"]
        ],
        "unranked": [
            {"officer_no": row["officer_no"], "name_th": row["name_th"],
             "reasons": [reason_words(reason, names) for reason in row["reasons"]]}
            for row in result["unranked"]
        ],
    }  # fmt: skip


def _say(shown: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    if shown["run_id"] is not None:
        click.echo(
            _("จัดทำรายชื่อหมายเลข %(run)s ของรุ่น %(cohort)s แล้ว (ร่าง)", run=shown["run_id"], cohort=shown["cohort"])
        )
    for entry in shown["entries"]:
        mark = "=" if entry["tied_at_line"] else "*" if entry["shortlisted"] else " "
        click.echo(f"{entry['rank']:>4} {mark} {entry['composite']:>8}  {entry['officer_no']}  {entry['name_th']}")
    if shown["unranked"]:
        click.echo(_("ไม่ได้จัดลำดับ"))
    for row in shown["unranked"]:
        click.echo(f"     -  {row['officer_no']}  {row['name_th']}: {'; '.join(row['reasons'])}")
