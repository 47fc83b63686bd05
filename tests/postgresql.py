"""A PostgreSQL server for the tests: the one named by TEST_DATABASE_URL, else Debian's, started as an ordinary user.

The server lives in a temporary folder on a unix socket for one run of the tests; the first test process that needs it
starts it, and the run's end stops it.
"""

import json
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from sqlalchemy import URL, make_url

STARTS_WITHIN = 30.0
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
    bin_folder = programs()
    if bin_folder is None:
        raise RuntimeError("no PostgreSQL on this machine")
    folder = Path(tempfile.mkdtemp(prefix="kaona-pg-", dir="/tmp"))
    user = _ordinary_user()
    if user:
        os.chown(folder, int(str(user["user"])), int(str(user["group"])))
    data = folder / "data"
    subprocess.run(
        [bin_folder / "initdb", "-D", data, "-U", "kaona", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
        check=True, capture_output=True, cwd=folder, **user,  # type: ignore[call-overload]
    )  # fmt: skip
    settings = [part for setting in QUICK for part in ("-c", setting)]
    log = (folder / "log").open("wb")
    server = subprocess.Popen(
        [bin_folder / "postgres", "-D", data, "-k", folder, *settings],
        stdout=log, stderr=log, cwd=folder, start_new_session=True, **user,  # type: ignore[call-overload]
    )  # fmt: skip
    _wait_for(bin_folder, folder, server)
    url = URL.create("postgresql+psycopg", username="kaona", database="postgres", query={"host": str(folder)})
    return {"url": url.render_as_string(hide_password=False), "pid": server.pid, "folder": str(folder)}


def _wait_for(bin_folder: Path, folder: Path, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and server.poll() is None:
        ready = subprocess.run([bin_folder / "pg_isready", "-q", "-h", folder, "-U", "kaona"], check=False)
        if ready.returncode == 0:
            return
        time.sleep(0.1)
    raise RuntimeError("PostgreSQL did not start:\n" + (folder / "log").read_text(errors="replace")[-2000:])


def stop(server: dict[str, object]) -> None:
    """Stop a server that :func:`start` started; one that was given stays."""
    if "pid" not in server:
        return
    pid = int(str(server["pid"]))
    try:
        os.kill(pid, signal.SIGQUIT)  # at once; its data go with it
        for _ in range(100):
            os.kill(pid, 0)
            if _is_zombie(pid):
                break
            time.sleep(0.05)
    except ProcessLookupError:
        pass
    shutil.rmtree(str(server["folder"]), ignore_errors=True)


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


def url_of(server: dict[str, object], database: str) -> str:
    """The address of one database of the server."""
    return make_url(str(server["url"])).set(database=database).render_as_string(hide_password=False)


def remembered(path: Path) -> dict[str, object] | None:
    """The server another test process of this run has started, if any."""
    return json.loads(path.read_text()) if path.exists() else None
