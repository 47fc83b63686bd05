"""Write ``0001_the_house.py`` again from the models: until the first release there is one version.

``python -m migrations.write`` (``make migration``). Column types of our own are named in the file; foreign keys that
point in a circle are added at the end.
"""

import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

from config import Config

HERE = Path(__file__).parent.parent
TARGET = HERE / "0001_the_house.py"
# Tables in which the database itself refuses UPDATE and DELETE: what was given and what was done stay as they were.
GUARDS = """
    guarded = ("audit_entry", "score_entry", "panel_relation", "panel_statement", "panel_setting", "profile_evidence", "remark_answer", "competency_version", "exam_answer", "exam_essay_mark", "center_observation", "center_classing", "center_rating", "center_final", "center_discussion", "center_report", "center_feedback")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
        for table in guarded:
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION append_only()"
            )
    else:
        for table in guarded:
            for verb in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
    # A job profile is edited while it is a draft; once published or withdrawn it stays as it is.
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER job_profile_stays BEFORE UPDATE OR DELETE ON job_profile "
            "FOR EACH ROW WHEN (OLD.status <> 'draft') EXECUTE FUNCTION append_only()"
        )
    else:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER job_profile_stays_{verb.lower()} BEFORE {verb} ON job_profile "
                "WHEN OLD.status <> 'draft' BEGIN SELECT RAISE(ABORT, 'job_profile is append-only'); END"
            )
    # An interview guide is edited while it is a draft; in force it stays as it is, and can only be superseded.
    settled = "OLD.status <> 'draft'"
    same = "NEW.document = OLD.document AND NEW.version = OLD.version AND NEW.approved_at = OLD.approved_at"
    same += " AND NEW.component = OLD.component AND NEW.cohort_id = OLD.cohort_id AND NEW.status <> 'draft'"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER interview_guide_stays BEFORE UPDATE ON interview_guide "
            f"FOR EACH ROW WHEN ({settled} AND NOT ({same})) EXECUTE FUNCTION append_only()"
        )
        op.execute(
            "CREATE TRIGGER interview_guide_kept BEFORE DELETE ON interview_guide "
            f"FOR EACH ROW WHEN ({settled}) EXECUTE FUNCTION append_only()"
        )
    else:
        for verb, when in (("UPDATE", f"{settled} AND NOT ({same})"), ("DELETE", settled)):
            op.execute(
                f"CREATE TRIGGER interview_guide_stays_{verb.lower()} BEFORE {verb} ON interview_guide WHEN {when} "
                "BEGIN SELECT RAISE(ABORT, 'interview_guide is append-only'); END"
            )
    # A question may change until it is approved; from then on what it asks and how it is marked stays, and so does the row.
    settled = "OLD.status IN ('approved', 'superseded', 'retired')"
    same = "NEW.document = OLD.document AND NEW.digest = OLD.digest AND NEW.type = OLD.type AND NEW.number = OLD.number"
    same += " AND NEW.item_id = OLD.item_id AND NEW.status IN ('approved', 'superseded', 'retired')"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER item_version_stays BEFORE UPDATE ON item_version "
            f"FOR EACH ROW WHEN ({settled} AND NOT ({same})) EXECUTE FUNCTION append_only()"
        )
        op.execute(
            "CREATE TRIGGER item_version_kept BEFORE DELETE ON item_version "
            f"FOR EACH ROW WHEN ({settled}) EXECUTE FUNCTION append_only()"
        )
    else:
        op.execute(
            f"CREATE TRIGGER item_version_stays BEFORE UPDATE ON item_version WHEN {settled} AND NOT ({same}) "
            "BEGIN SELECT RAISE(ABORT, 'item_version is append-only'); END"
        )
        op.execute(
            f"CREATE TRIGGER item_version_kept BEFORE DELETE ON item_version WHEN {settled} "
            "BEGIN SELECT RAISE(ABORT, 'item_version is append-only'); END"
        )
    # A regrade stays; it can be undone once. A judge's estimates stay once submitted, a decided pass mark once decided.
    stays = (
        ("exam_regrade", "UPDATE", "OLD.undone_at IS NOT NULL"),
        ("exam_regrade", "DELETE", "OLD.id IS NOT NULL"),
        ("exam_standard_judgement", "UPDATE", "OLD.submitted_at IS NOT NULL"),
        ("exam_standard_judgement", "DELETE", "OLD.submitted_at IS NOT NULL"),
        ("exam_standard_round", "UPDATE", "OLD.closed_at IS NOT NULL"),
        ("exam_standard_proposal", "UPDATE", "OLD.decided_at IS NOT NULL"),
        ("exam_standard_proposal", "DELETE", "OLD.id IS NOT NULL"),
    )
    for table, verb, when in stays:
        name = f"{table}_{verb.lower()}_stays BEFORE {verb} ON {table}"
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"CREATE TRIGGER {name} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION append_only()")
        else:
            op.execute(f"CREATE TRIGGER {name} WHEN {when} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END")
    # In an assessment center no rating without an observation, by the same assessor, classed under its competency.
    seen = (
        "EXISTS (SELECT 1 FROM center_classing JOIN center_observation "
        "ON center_observation.id = center_classing.observation_id "
        "WHERE center_observation.participant_id = NEW.participant_id "
        "AND center_observation.exercise_id = NEW.exercise_id AND center_observation.assessor_id = NEW.assessor_id "
        "AND center_classing.competency_code = NEW.competency_code)"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION observed_first() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF NOT {seen} THEN RAISE EXCEPTION 'a rating needs an observation'; END IF; RETURN NEW; END $$"
        )
        op.execute(
            "CREATE TRIGGER center_rating_observed BEFORE INSERT ON center_rating "
            "FOR EACH ROW EXECUTE FUNCTION observed_first()"
        )
    else:
        op.execute(
            f"CREATE TRIGGER center_rating_observed BEFORE INSERT ON center_rating WHEN NOT {seen} "
            "BEGIN SELECT RAISE(ABORT, 'a rating needs an observation'); END"
        )
"""

UNGUARDED = """
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION IF EXISTS append_only() CASCADE")
        op.execute("DROP FUNCTION IF EXISTS observed_first() CASCADE")
"""

OWN_TYPES = ("Points", "Exact", "UtcTime", "Json")


def own_type(kind: str, thing: Any, context: Any) -> str | bool:
    """How a column type of ours is written in a migration; ``False`` leaves others to Alembic."""
    if kind == "type" and type(thing).__name__ in OWN_TYPES:
        context.imports.add("from webapp import database")
        return f"database.{type(thing).__name__}()"
    return False


def text() -> str:
    """The migration that makes every table of the models in an empty database."""
    from webapp.app import create_app
    from webapp.database import Base

    with tempfile.TemporaryDirectory() as folder:
        config = Config(data_dir=Path(folder), database_url="sqlite://", secret_key="x" * 40, audit_key="y" * 40)
        create_app(replace(config, testing=True))
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        options = {"render_item": own_type, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        script = produce_migrations(context, Base.metadata)
        imports: set[str] = set()
        up = render_python_code(script.upgrade_ops, render_item=own_type, imports=imports)  # type: ignore[arg-type]
        down = render_python_code(script.downgrade_ops, render_item=own_type)  # type: ignore[arg-type]
    return (
        '"""The house: every table of the first release."""\n\n'
        "import sqlalchemy as sa\nfrom alembic import op\n\nfrom webapp import database\n\n"
        'revision = "0001"\ndown_revision = None\nbranch_labels = None\ndepends_on = None\n\n\n'
        f"def upgrade() -> None:\n    {_body(up)}\n{GUARDS}\n\ndef downgrade() -> None:{UNGUARDED}    {_body(down)}\n"
    )


def _body(code: str) -> str:
    return code.strip()


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
    (HERE / "CURRENT_HEAD").write_text("0001_the_house\n", encoding="utf-8")
    sys.stdout.write(f"{TARGET.name} written\n")
