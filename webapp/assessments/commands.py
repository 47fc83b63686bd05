"""Command-line verbs of assessments: ``kaona cohort load``."""

import json
import sys
from pathlib import Path
from typing import Any

import click
from flask_babel import gettext as _


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
def load(file: Path, as_json: bool) -> None:
    """Set up a cohort, its sessions and its plans from a YAML file. The same file again changes nothing."""
    from webapp.assessments.cohort_file import read_cohort_file
    from webapp.assessments.cohort_loading import CohortFileRefused, load_cohort
    from webapp.cli import acting
    from webapp.database import db
    from webapp.errors import BadInput

    try:
        content = file.read_bytes()
    except OSError:
        raise BadInput("อ่านไฟล์ %(file)s ไม่ได้ ตรวจสอบชื่อไฟล์และสิทธิ์การอ่าน", file=str(file)) from None
    try:
        loaded = load_cohort(db.session, acting(), read_cohort_file(content))
    except CohortFileRefused as refused:
        db.session.rollback()
        for problem in refused.problems:
            click.echo(
                f"{problem.path}: {problem.value!r}: {problem.reason}"
                if problem.value
                else f"{problem.path}: {problem.reason}",
                err=True,
            )
        click.echo(_(refused.message, **refused.values), err=True)
        if as_json:
            errors = [problem._asdict() for problem in refused.problems]
            click.echo(json.dumps({"cohort": None, "result": "refused", "errors": errors}, ensure_ascii=False))
        sys.exit(1)
    db.session.commit()
    if as_json:
        click.echo(json.dumps(loaded.document(), ensure_ascii=False))
        return
    click.echo(_("รุ่น %(code)s: %(result)s", code=loaded.code, result=RESULTS[loaded.cohort]()))
    for section, plan in loaded.plans.items():
        _tell_plan(section, plan)


def _tell_plan(section: str, plan: dict[str, Any]) -> None:
    from webapp.assessments.cohort_loading import SECTIONS
    from webapp.assessments.plans.words import PURPOSE_WORDS

    words = _("แผน%(purpose)s ฉบับที่ %(version)s: %(result)s", purpose=PURPOSE_WORDS[SECTIONS[section]],
              version=plan["version"] or "-", result=RESULTS[plan["result"]]())  # fmt: skip
    click.echo(words)
    if plan["open_points"]:
        count = len(plan["open_points"])
        click.echo(_("  ยังขาดก่อนเผยแพร่รายชื่อ %(count)s ข้อ ดูในหน้าแผนการประเมิน", count=count))


RESULTS = {
    "created": lambda: _("สร้างใหม่"),
    "updated": lambda: _("ปรับปรุงแล้ว"),
    "unchanged": lambda: _("ไม่มีอะไรเปลี่ยน"),
    "withdrawn": lambda: _("นำออกแล้ว"),
}
