"""The journeys' house: the invented institute on one server per module, with its job worker, and people who come in by the front door."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.browser import DESK, LiveServer
from tests.databases import Databases, config_for, dispose, make
from webapp.database import db
from webapp.demo.accounts import PASSWORD

NARROW = {"width": 360, "height": 740}


class House:
    """The product as somebody in a browser meets it; what a page complains about is kept in ``complaints``."""

    def __init__(self, app: Flask, browser: Any) -> None:
        self.app, self.browser = app, browser
        self.server = LiveServer(app)
        self.url = self.server.url
        self.complaints: list[str] = []
        self._entered: dict[str, Any] = {}
        self._contexts: list[Any] = []
        self._over = threading.Event()
        self._worker = threading.Thread(target=self._work, daemon=True)
        self._worker.start()

    # People

    def page(self, who: str = "", *, phone: bool = False, language: str = "th", scripts: bool = True) -> Any:
        """A page in a browser of its own; ``who`` (as ``staff``) is signed in, once per house, by the form."""
        context = self.browser.new_context(
            base_url=self.url, locale="th-TH", timezone_id="Asia/Bangkok", viewport=NARROW if phone else DESK,
            has_touch=phone, java_script_enabled=scripts, accept_downloads=True, storage_state=self._state(who),
        )  # fmt: skip
        context.set_default_timeout(10_000)
        context.add_cookies([{"name": "language", "value": language, "url": self.url}])
        self._contexts.append(context)
        return self._listened_to(context.new_page())

    def _state(self, who: str) -> Any:
        if who and who not in self._entered:
            context = self.browser.new_context(base_url=self.url)
            self.sign_in(self._listened_to(context.new_page()), who)
            self._entered[who] = context.storage_state()
            context.close()
        return self._entered.get(who)

    def sign_in(self, page: Any, who: str, password: str = PASSWORD) -> None:
        """Come in by the front door."""
        page.goto("/sign-in")
        page.get_by_label("อีเมล").fill(f"{who}@kaona.example" if "@" not in who else who)
        page.get_by_label("รหัสผ่าน").fill(password)
        page.get_by_role("button", name="เข้าสู่ระบบ").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)

    def _listened_to(self, page: Any) -> Any:
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self._hear(page, message))
        page.on("response", lambda answer: self._see(answer))
        return page

    def _hear(self, page: Any, message: Any) -> None:
        # An answer of 4xx is the page's own business; the journey asserts what is shown.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(f"{page.url}: {message.text}")

    def _see(self, answer: Any) -> None:
        if answer.status >= 500:
            self.complaints.append(f"{answer.url}: {answer.status}")

    # The job worker

    def _work(self) -> None:
        from webapp.jobs.operations import do, waiting_jobs

        while not self._over.wait(0.2):
            with self.app.app_context():
                waiting = waiting_jobs(db.session)
                db.session.rollback()
                for job_id, _key in waiting:
                    do(job_id)

    def rest(self) -> None:
        """Close the browsers; the sign-ins are kept."""
        for context in self._contexts:
            context.close()
        self._contexts.clear()

    def close(self) -> None:
        """Shut the house."""
        self.rest()
        self._over.set()
        self._worker.join()
        self.server.stop()
        dispose(self.app)


@pytest.fixture(scope="module")
def the_house(databases: Databases, browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One house for the journeys of a module; none of them waits for what another has done in it."""
    folder: Path = tmp_path_factory.mktemp("house") / "data"
    shutil.copytree(databases.sqlite_template("demo"), folder, ignore=shutil.ignore_patterns("done"))
    house = House(make(config_for(f"sqlite:///{folder / 'kaona.sqlite'}", folder)), browser)
    yield house
    house.close()


@pytest.fixture
def house(the_house: House) -> Iterator[House]:
    """The module's house; the test fails when a page reported an error, broke the content policy, or answered 500."""
    the_house.complaints.clear()
    yield the_house
    the_house.rest()
    assert not the_house.complaints, "the browser complained:\n" + "\n".join(the_house.complaints)
