"""Commands about the installation itself: database, service, health."""

import sys

import click


@click.command()
def init() -> None:
    """Create or upgrade the database (migrations) and load the shipped reference data. Safe to repeat."""
    from webapp.app import alembic
    from webapp.careers.shipped import load_reference_data
    from webapp.cli import acting
    from webapp.database import db

    alembic.upgrade()
    loaded = load_reference_data(db.session, acting())
    db.session.commit()
    click.echo(f"The database is ready ({db.engine.dialect.name}); reference data: {loaded}.", err=True)


@click.command()
def run() -> None:
    """Serve the pages and work through the jobs until stopped."""
    from flask import current_app

    from webapp.demo.people import sign_ins
    from webapp.serve import serve

    def announce(address: str) -> None:
        click.echo(f"\n  Kaona (ก้าวหน้า)  {address}\n")
        for line in sign_ins(current_app.config["DATA_DIR"]):
            click.echo(f"  {line}")

    sys.exit(serve(current_app.config["KAONA"], announce))
