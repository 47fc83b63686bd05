"""``kaona eligibility``: who meets a post's criteria, and what another number would do."""

import json
from typing import Any

import click
from flask_babel import gettext as _
from sqlalchemy import select

from webapp import clock
from webapp.careers.criteria.evaluation import Evaluation
from webapp.careers.criteria.judge import top_level
from webapp.database import db
from webapp.errors import BadInput
from webapp.officers.models import Officer
from webapp.readiness.answers import document_of
from webapp.records.eligibility import Change, changed, evaluation, rule_for
from webapp.thai import parse_day


@click.command()
@click.argument("post")
@click.option("--as-of", metavar="DATE", help="The day on which it is judged (default: today).")
@click.option("--profile-version", type=click.IntRange(min=1), help="A published version (default: the latest).")
@click.option("--officer", metavar="NO", help="Only one officer.")
@click.option("--set", "settings", metavar="CRITERION.PARAM=VALUE", multiple=True, help="What if this number were …")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def eligibility(
    post: str,
    as_of: str | None,
    profile_version: int | None,
    officer: str | None,
    settings: tuple[str, ...],
    as_json: bool,
) -> None:
    """Who meets the criteria of POST."""
    day = parse_day(as_of) if as_of else clock.today()
    rule = changed(rule_for(db.session, post, profile_version), [_change(setting) for setting in settings])
    only = None if officer is None else [_officer_id(officer)]
    found = evaluation(db.session, rule, day, officer_ids=only)
    if officer is not None and not found.whom.any():
        click.echo(_("ไม่ได้พิจารณา %(officer)s เพราะไม่ได้รับราชการในวันนั้น หรือดำรงตำแหน่งนี้อยู่แล้ว", officer=officer), err=True)
    if as_json:
        click.echo(json.dumps(document_of(found), ensure_ascii=False))
    else:
        _say(found)


def _change(setting: str) -> Change:
    """``dd-sections.min=5`` as criterion, parameter and value."""
    name, equals, value = setting.partition("=")
    criterion, dot, parameter = name.strip().rpartition(".")
    if not (equals and dot and criterion and parameter and value.strip()):
        raise BadInput("เขียน --set เป็น เกณฑ์.ค่า=จำนวน เช่น dd-sections.min=5 ไม่ใช่ “%(setting)s”", setting=setting)
    return criterion, parameter, value.strip()


def _officer_id(officer_no: str) -> int:
    found = db.session.scalar(select(Officer.id).where(Officer.officer_no == officer_no))
    if found is None:
        raise BadInput("ไม่พบข้าราชการเลขที่ “%(officer)s”", officer=officer_no)
    return found


def _say(found: Evaluation) -> None:
    """The summary in words."""
    summary = found.summary
    click.echo(
        _("พิจารณา %(evaluated)s คน เข้าเกณฑ์ครบ %(eligible)s คน", evaluated=summary.evaluated, eligible=summary.eligible)
    )
    for node in top_level(found.rule.tree):
        tally: Any = summary.per_criterion[node.id]
        click.echo(
            _("%(name)s: ผ่าน %(met)s คน ติดเกณฑ์นี้ข้อเดียว %(alone)s คน",
              name=node.texts.get("name_th") or node.id, met=tally.met, alone=tally.sole_blocker)
        )  # fmt: skip
