"""``kaona workforce forecast``: leavers, vacancies and bench per fiscal year."""

import json

import click
from flask_babel import gettext as _

from webapp import clock
from webapp.database import db
from webapp.workforce.queries import DEFAULT_YEARS, forecasts
from webapp.workforce.rules import Forecast, document_of

EARLIEST, LATEST = 2500, 2700
"""Fiscal years that can be meant, in the Buddhist era."""


@click.command()
@click.option("--from", "first_year", type=click.IntRange(EARLIEST, LATEST), metavar="YEAR_BE",
              help="First fiscal year, Buddhist era (default: the one containing today).")  # fmt: skip
@click.option("--years", type=click.IntRange(1, 40), default=DEFAULT_YEARS, show_default=True, help="How many years.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def forecast(first_year: int | None, years: int, as_json: bool) -> None:
    """Who retires, which seats fall empty, who is ready."""
    found = forecasts(db.session, clock.today(), first_year=first_year, years=years)
    if as_json:
        click.echo(json.dumps(document_of(found), ensure_ascii=False))
        return
    for post in found:
        _say(post)
    click.echo(_("ไม่ได้พยากรณ์การโอน การลาออก และการรับราชการต่อหลังอายุ 60 ปี"))


def _say(post: Forecast) -> None:
    """One post in words, a line per year."""
    seats = _("%(seats)s อัตรา", seats=post.seats) if post.seats is not None else _("ยังไม่ได้กำหนดอัตรา")
    click.echo(f"{post.post} ({seats})")
    for year in post.years:
        line = _("ปีงบประมาณ %(year)s เกษียณ %(retiring)s ว่าง %(vacancies)s",
                 year=year.fiscal_year, retiring=year.retiring, vacancies=year.vacancies)  # fmt: skip
        if year.ready is not None:
            line += " " + _("พร้อมแล้ว %(now)s พร้อมใน 1 2 3 ปี %(later)s",
                            now=year.ready[0], later=" ".join(map(str, year.ready[1:])))  # fmt: skip
        click.echo("  " + line)
