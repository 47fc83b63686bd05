"""Migrations: one head, and no difference between what they make and what the models say."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask

from webapp.database import Base, db

MIGRATIONS = Path(__file__).parent.parent / "migrations"


def test_there_is_one_head_and_it_is_written_down(app: Flask) -> None:
    from webapp.app import alembic

    heads = alembic.script_directory.get_revisions("heads")
    assert len(heads) == 1
    assert (MIGRATIONS / "CURRENT_HEAD").read_text().strip() == Path(heads[0].path).stem


def test_the_migrated_database_is_what_the_models_say(any_database: str, app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": False})
        differences = compare_metadata(context, Base.metadata)
    assert differences == [], "run `make migration`"


def test_every_check_of_the_models_is_in_the_database(any_database: str, app: Flask) -> None:
    """Autogenerate does not compare checks, so their names are."""
    from sqlalchemy import CheckConstraint, inspect

    inspector = inspect(db.engine)
    for table in Base.metadata.sorted_tables:
        wanted = {str(check.name) for check in table.constraints if isinstance(check, CheckConstraint)}
        there = {check["name"] for check in inspector.get_check_constraints(table.name)}
        assert wanted == there, f"{table.name}: run `make migration`"


def test_upgrading_again_changes_nothing(any_database: str, app: Flask) -> None:
    from webapp.app import alembic

    before = {row.revision for row in alembic.current()}
    alembic.upgrade()
    assert {row.revision for row in alembic.current()} == before
