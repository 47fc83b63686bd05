"""A real browser on a real server, for the journeys: Debian's Chromium driven by Playwright."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server
from whitenoise import WhiteNoise

from tests import machine

STATIC = Path(__file__).parent.parent / "webapp/static"
AXE = Path(__file__).parent.parent / "node_modules/axe-core/axe.min.js"
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
    "--disable-component-update", "--disable-default-apps", "--disable-extensions", "--disable-sync",
    "--metrics-recording-only", "--no-first-run", "--mute-audio",
)  # fmt: skip
DESK = {"width": 1366, "height": 860}
PHONE = {"width": 390, "height": 800}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


class LiveServer:
    """The app under test, answering on a free port of this machine."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._static = WhiteNoise(app.wsgi_app, root=str(STATIC), prefix="static/", max_age=3600)
        self._server = make_server("127.0.0.1", 0, self._answer, threaded=True)
        self.url = f"http://127.0.0.1:{self._server.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def _answer(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """The whole answer at once: a browser that leaves early leaves no file open behind it.

        Styles, scripts and fonts are served as in production, and kept by the browser from page to page.
        """
        answer: Any = self._static(environ, start_response)
        with closing(answer):
            return [b"".join(answer)]

    def stop(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def live_server(app: Flask) -> Iterator[LiveServer]:
    """The test's ``app`` on a free port."""
    server = LiveServer(app)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One browser per test process."""
    machine.require("chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=machine.chromium(), args=list(QUIET))
        yield found
        found.close()


@pytest.fixture
def open_page(browser: Any, live_server: LiveServer) -> Iterator[Callable[..., Any]]:
    """``open_page(phone=…, scripts=…)``: a page of a browser of its own (own cookies), Thai, at the server's address.

    At the end the test fails if a page reported an error or tried something the content policy refuses.
    """
    contexts: list[Any] = []
    troubles: list[str] = []

    def open_one(*, phone: bool = False, scripts: bool = True, **options: Any) -> Any:
        context = browser.new_context(
            base_url=live_server.url, locale="th-TH", timezone_id="Asia/Bangkok", viewport=PHONE if phone else DESK,
            has_touch=phone, java_script_enabled=scripts, accept_downloads=True, **options,
        )  # fmt: skip
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))
        page.on("console", lambda message: _note(message, page.url, troubles))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not troubles, "the browser complained:\n" + "\n".join(troubles)


def _note(message: Any, url: str, troubles: list[str]) -> None:
    # An answer of 4xx is the page's own business; the journey asserts what is shown.
    if message.type == "error" and "Failed to load resource" not in message.text:
        troubles.append(f"{url}: {message.text}")


@pytest.fixture
def browser_page(open_page: Callable[..., Any]) -> Any:
    """One page on a desk-sized screen."""
    return open_page()


@pytest.fixture
def accessible() -> Callable[[Any], None]:
    """``accessible(page)`` fails with what axe-core finds against WCAG 2.2 AA on the page as it stands."""
    source = AXE.read_text(encoding="utf-8")

    def check(page: Any) -> None:
        page.evaluate(source)
        found = page.evaluate("rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES)
        lines = [
            f"{problem['id']} ({problem['impact']}): {problem['help']}\n    "
            + "\n    ".join(f"{node['target']}  {node['html'][:160]}" for node in problem["nodes"][:5])
            for problem in found["violations"]
        ]
        assert not lines, f"axe-core on {page.url}:\n" + "\n".join(lines)

    return check
