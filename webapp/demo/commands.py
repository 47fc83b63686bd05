"""kaona demo."""

import sys

import click


@click.command()
@click.option("--if-empty", is_flag=True, help="Do nothing when the database already holds officers.")
def demo(if_empty: bool) -> None:
    """Build the invented demonstration data in an empty database."""
    from flask import current_app
    from flask_babel import gettext

    from webapp.database import db
    from webapp.demo import operations

    if current_app.config["KAONA"].production:
        click.echo(gettext("ข้อมูลสาธิตใช้ในระบบจริงไม่ได้"), err=True)
        sys.exit(1)
    if not operations.is_empty(db.session):
        if if_empty:
            return
        click.echo(gettext("ฐานข้อมูลนี้มีข้าราชการอยู่แล้ว ข้อมูลสาธิตสร้างได้ในฐานข้อมูลว่างเท่านั้น"), err=True)
        sys.exit(1)
    counts = operations.build(db.session)
    db.session.commit()
    click.echo(", ".join(f"{name}: {count}" for name, count in counts.items()), err=True)
