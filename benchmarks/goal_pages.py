"""Goals 2, 3, 8 and 9 (memory): pages of the demonstration beside the floor page, on the same kind of server."""

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import floor_page
from benchmarks.measuring import Result
from benchmarks.serving import Browser, Server, crowd, served, times_of
from webapp.demo.accounts import PASSWORD

KAONA = Path(sys.executable).with_name("kaona")
STAFF = "staff@kaona.example"
PAGES = (
    ("home", "/"),
    ("list of 50 officers", "/officers"),
    ("list of a cohort's people", "/cohorts/ADD-2569-2/people"),
    ("development record", "/officers/{officer}/record"),
)
CLIENTS = 8


def measure() -> Iterator[Result]:
    """Serve both, then compare page by page."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = {"KAONA_DATA_DIR": str(folder / "data"), "KAONA_ENV": "development"}
        environment = {**os.environ, **settings}
        for command in ("init", "demo"):
            subprocess.run([KAONA, command], check=True, capture_output=True, env=environment)
        floor_page.prepare(str(folder / "floor.sqlite"))
        floor_settings = {"FLOOR_DATABASE": str(folder / "floor.sqlite")}
        with (
            served("wsgi:app", folder, settings) as product,
            served("benchmarks.floor_page:make()", folder, floor_settings) as floor,
        ):
            yield from _pages(product, floor)
            yield from _after_a_score(product, floor, environment)
            yield from _signing_in(product, floor)
            yield from _memory(product)


def _pages(product: Server, floor: Server) -> Iterator[Result]:
    browsers = [Browser(product) for _ in range(CLIENTS)]
    floors = [Browser(floor) for _ in range(CLIENTS)]
    browsers[0].sign_in(STAFF, PASSWORD)
    for browser in browsers[1:]:
        browser.cookies.update(browsers[0].cookies)
    for what, path in PAGES:
        where = path.replace("{officer}", "10001")
        times_of(browsers[0], where, 10), times_of(floors[0], "/", 10)
        own, other = [], []
        for _ in range(10):
            own += times_of(browsers[0], where, 5)
            other += times_of(floors[0], "/", 5)
        yield Result("2", f"{what}, p50", statistics.median(own), "floor page", statistics.median(other), at_most=4)
        rate, _ = crowd(browsers, where, 15)
        floor_rate, _ = crowd(floors, "/", 60)
        yield Result(
            "2", f"{what}, seconds per answer with {CLIENTS} clients", 1 / rate, "floor page", 1 / floor_rate, at_most=4,
            note=f"{rate:.0f}/s beside {floor_rate:.0f}/s",
        )  # fmt: skip


def _after_a_score(product: Server, floor: Server, environment: dict[str, str]) -> Iterator[Result]:
    """The ranking of a cohort right after one of its scores changed: nothing can be kept from before."""
    browser, other = Browser(product), Browser(floor)
    browser.sign_in(STAFF, PASSWORD)
    path = "/cohorts/ADD-2569-1/ranking"
    times_of(browser, path, 5)
    own, theirs = [], []
    for turn in range(8):
        _change_a_score(environment, turn)
        own += times_of(browser, path, 1)
        theirs += times_of(other, "/", 5)
    yield Result(
        "3",
        "ranking page after a score changed",
        statistics.median(own),
        "floor page",
        statistics.median(theirs),
        at_most=2,
    )


def _change_a_score(environment: dict[str, str], turn: int) -> None:
    code = (
        "from config import Config\nfrom webapp.app import create_app\nfrom webapp.database import db\n"
        "from sqlalchemy import select\nfrom decimal import Decimal\n"
        "from webapp.assessments.models import ScoreEntry\nfrom webapp.assessments.operations import correct_score\n"
        "from webapp.assessments.rules import Given\nfrom webapp.audit import Actor\nfrom webapp.courses.models import Cohort, Enrollment\n"
        "with create_app(Config.from_environment(), pages=False).app_context():\n"
        "    replaced = select(ScoreEntry.replaces_id).where(ScoreEntry.replaces_id.is_not(None))\n"
        "    entry = db.session.scalars(select(ScoreEntry).join(Enrollment, Enrollment.id == ScoreEntry.enrollment_id)\n"
        "        .join(Cohort, Cohort.id == Enrollment.cohort_id).where(Cohort.code == 'ADD-2569-1',\n"
        "        ScoreEntry.component == 'exam', ScoreEntry.id.not_in(replaced)).order_by(ScoreEntry.id)).first()\n"
        f"    correct_score(db.session, Actor('operator', 'benchmark', 'operator'), entry.id, Given(score=Decimal({70 + turn})), reason='benchmark')\n"
        "    db.session.commit()\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, env=environment)


def _signing_in(product: Server, floor: Server) -> Iterator[Result]:
    """Sign-in beside one hash and two floor pages; other pages while eight people sign in."""
    from argon2 import PasswordHasher
    from argon2.low_level import Type

    hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)
    kept = hasher.hash(PASSWORD)
    other = Browser(floor)
    own, floors = [], []
    for _ in range(8):
        started = time.perf_counter()
        Browser(product).sign_in(STAFF, PASSWORD)
        own.append(time.perf_counter() - started)
        started = time.perf_counter()
        hasher.verify(kept, PASSWORD)
        times_of(other, "/", 2)
        floors.append(time.perf_counter() - started)
    yield Result("8", "sign-in", statistics.median(own), "hash + 2 floor pages", statistics.median(floors), at_most=1.3)
    reader = Browser(product)
    reader.sign_in(STAFF, PASSWORD)
    quiet = sorted(times_of(reader, "/cohorts", 60))[56]
    people = [threading.Thread(target=lambda: Browser(product).sign_in(STAFF, PASSWORD)) for _ in range(CLIENTS)]
    for person in people:
        person.start()
    busy = sorted(times_of(reader, "/cohorts", 60))[56]
    for person in people:
        person.join()
    yield Result("8", "another page's p95 while 8 people sign in", busy, "its p95 in quiet", quiet, at_most=3)


def _memory(product: Server) -> Iterator[Result]:
    """A worker's memory after 10,000 mixed requests, in MiB, beside after 1,000."""
    browsers = [Browser(product) for _ in range(4)]
    browsers[0].sign_in(STAFF, PASSWORD)
    paths = ("/", "/cohorts", "/cohorts/DD-2568-1", "/posts", "/coaching")

    def ask(count: int) -> None:
        for browser in browsers:
            browser.cookies.update(browsers[0].cookies)
        for path in paths:
            crowd(browsers, path, count // len(paths) // len(browsers))

    ask(1000)
    early = _largest_worker(product.pid)
    ask(9000)
    late = _largest_worker(product.pid)
    yield Result("9", "memory after 10,000 requests (MiB shown as seconds)", late, "after 1,000", early, at_most=1.1)


def _largest_worker(pid: int) -> float:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    pages = [int(Path(f"/proc/{child}/statm").read_text().split()[1]) for child in children]
    return max(pages) * os.sysconf("SC_PAGE_SIZE") / 2**20
