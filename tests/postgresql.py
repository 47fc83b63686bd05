"""A PostgreSQL server for the tests: the one named by TEST_DATABASE_URL, else Debian's, started as an ordinary user.

The server lives in a temporary folder on a unix socket for one run of the tests; the first test process that needs it
starts it, and the run's end stops it.
"""

import json
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

from sqlalchemy import URL, make_url

QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=80", "listen_addresses=")
"""Settings for a server whose data nobody will miss."""


def programs() -> Path | None:
    """The folder with ``initdb`` and ``postgres``, the newest version first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parent.parent.name))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).parent if initdb else None


def is_available() -> bool:
    """Whether tests can have a PostgreSQL here."""
    return bool(os.environ.get("TEST_DATABASE_URL")) or programs() is not None


def _ordinary_user() -> dict[str, object]:
    """PostgreSQL refuses to run as root: the arguments that start a program as somebody else."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise RuntimeError("neither user 'postgres' nor 'nobody' exists to run PostgreSQL as")


def start() -> dict[str, object]:
    """Start a server; what :func:`stop` and :func:`url_of` need to know about it."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        return {"url": given}
    if programs() is None:
        raise RuntimeError("no PostgreSQL on this machine")
    folder = Path(tempfile.mkdtemp(prefix="kaona-pg-", dir="/tmp"))
    user = _ordinary_user()
    if user:
        os.chown(folder, int(str(user["user"])), int(str(user["group"])))
    _run(folder, "initdb", "-U", "kaona", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    settings = " ".join(f"-c {setting}" for setting in QUICK)
    _run(folder, "pg_ctl", "start", "-w", "-t", "30", "-l", str(folder / "log"), "-o", f"-k {folder} {settings}")
    url = URL.create("postgresql+psycopg", username="kaona", database="postgres", query={"host": str(folder)})
    return {"url": url.render_as_string(hide_password=False), "folder": str(folder)}


def _run(folder: Path, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on the data in ``folder`` as an ordinary user."""
    path = (programs() or folder) / program
    command = [str(path), "-D", str(folder / "data"), *arguments]
    with (folder / "set-up.log").open("wb") as log:
        done = subprocess.run(
            command, stdout=log, stderr=log, cwd=folder, check=False, **_ordinary_user()  # type: ignore[call-overload]
        )  # fmt: skip
    if done.returncode:
        said = "".join(path.read_text(errors="replace")[-2000:] for path in sorted(folder.glob("*log")))
        raise RuntimeError(f"PostgreSQL's {program} failed:\n{said}")


def stop(server: dict[str, object]) -> None:
    """Stop a server that :func:`start` started, and remove its data; one that was given stays."""
    folder = Path(str(server.get("folder", "")))
    if "folder" not in server or not folder.exists():
        return
    _run(folder, "pg_ctl", "stop", "-m", "immediate", "-w")
    shutil.rmtree(folder, ignore_errors=True)


def url_of(server: dict[str, object], database: str) -> str:
    """The address of one database of the server."""
    return make_url(str(server["url"])).set(database=database).render_as_string(hide_password=False)


def remembered(path: Path) -> dict[str, object] | None:
    """The server another test process of this run has started, if any."""
    return json.loads(path.read_text()) if path.exists() else None
