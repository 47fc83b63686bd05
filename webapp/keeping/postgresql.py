"""PostgreSQL: its own pg_dump and pg_restore, on one snapshot together with the walk of the audit chain."""

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import URL, Engine, text
from sqlalchemy.orm import Session

from webapp.errors import RuleBroken
from webapp.trail import verifying
from webapp.trail.rules import Verdict


def program(name: str) -> str:
    """The path of one of PostgreSQL's programs, the newest version first. Raises ``RuleBroken``."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"),
        key=lambda path: int(path.parent.parent.name.partition(".")[0]),
    )
    found = str(installed[-1]) if installed else shutil.which(name)
    if not found:
        raise RuleBroken("ไม่พบโปรแกรม %(program)s ของ PostgreSQL ติดตั้งชุด postgresql-client ก่อน", program=name)
    return found


def _address(url: URL) -> tuple[str, dict[str, str]]:
    """The address for PostgreSQL's programs, the password in the environment and never on the command line."""
    plain = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
    environment = {**os.environ, **({"PGPASSWORD": str(url.password)} if url.password else {})}
    return plain.render_as_string(hide_password=False), environment


def _run(arguments: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["?"])[-1]
        raise RuleBroken("%(program)s ทำไม่สำเร็จ: %(why)s", program=Path(arguments[0]).name, why=said[:300])


def dump(engine: Engine, target: Path) -> Verdict:
    """Dump the database and walk the audit chain of the very same snapshot."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = connection.execute(text("select pg_export_snapshot()")).scalar_one()
        address, environment = _address(engine.url)
        arguments = [program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
        _run([*arguments, f"--file={target}", f"--dbname={address}"], environment)
        with Session(connection) as session:
            verdict = verifying.verify(session)
    target.chmod(0o600)
    _run([program("pg_restore"), "--list", str(target)], environment)
    return verdict


def restore(engine: Engine, source: Path) -> None:
    """Put the dump in place, in one transaction: all of it or nothing."""
    address, environment = _address(engine.url)
    engine.dispose()
    arguments = [
        program("pg_restore"),
        "--clean",
        "--if-exists",
        "--no-owner",
        "--no-privileges",
        "--single-transaction",
    ]
    _run([*arguments, "--exit-on-error", f"--dbname={address}", str(source)], environment)


def revisions(engine: Engine) -> set[str]:
    """The migrations the database stands at."""
    with engine.connect() as connection:
        return {str(row[0]) for row in connection.execute(text("select version_num from alembic_version"))}
