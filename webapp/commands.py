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


@click.command()
@click.option("--json", "as_document", is_flag=True, help="Print one JSON document.")
def doctor(as_document: bool) -> None:
    """Check configuration, database, storage, fonts, keys and mail, and say what to fix; exit 1 if something is wrong."""
    import dataclasses
    import json

    from webapp.database import only_reading
    from webapp.keeping.doctor import examine

    with only_reading():
        findings = list(examine())
    wrong = any(finding.state == "wrong" for finding in findings)
    if as_document:
        click.echo(json.dumps({"ok": not wrong, "findings": [dataclasses.asdict(finding) for finding in findings]}))
    else:
        marks = {"good": "ok    ", "advice": "advice", "wrong": "WRONG "}
        for finding in findings:
            click.echo(f"{marks[finding.state]}  {finding.what}: {finding.said}")
            if finding.remedy:
                click.echo(f"        -> {finding.remedy}")
    sys.exit(1 if wrong else 0)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False))
def backup(file: str) -> None:
    """Copy the database and the stored files into FILE while the product runs, and verify the copy."""
    from pathlib import Path

    from webapp.keeping.backups import make

    made = make(Path(file).absolute())
    click.echo(
        f"{file}: {made.size:,} bytes, {made.files} stored files, {made.entries} audit entries, head {made.head[:12]}, "
        "read back and verified.",
        err=True,
    )
    if made.with_keys:
        click.echo("It holds the keys of this development instance: keep it as safe as those.", err=True)
    else:
        click.echo("The keys are not in it: keep SECRET_KEY and KAONA_AUDIT_KEY apart.", err=True)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False))
def restore(file: str) -> None:
    """Put a backup in place, once it has been checked to the last byte; a damaged one is refused."""
    from pathlib import Path

    from webapp.app import alembic
    from webapp.cli import acting
    from webapp.keeping.backups import put_in_place

    known = {str(revision.revision) for revision in alembic.script_directory.walk_revisions()}
    made = put_in_place(Path(file).absolute(), acting(), known)
    click.echo(f"Restored: {made.entries} audit entries (verified), {made.files} stored files.", err=True)
    if made.kept_aside:
        click.echo(f"The database that was here is kept as {made.kept_aside}", err=True)
