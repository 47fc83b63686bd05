"""The product and the floor served by the same kind of server, and browsers that ask them by turns."""

import http.client
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Server:
    """A server on this machine; ``folder`` holds its data, ``pid`` its parent process."""

    port: int
    folder: Path
    pid: int


class Browser:
    """One kept connection with its cookies; answers are read whole."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.cookies: dict[str, str] = {}
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """Status and text of an answer; redirects are not followed."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if form is not None:
            body, headers["Content-Type"] = urlencode(form), "application/x-www-form-urlencoded"
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):
            # A server closes connections that were idle while the other one was measured; a browser opens another.
            self._connection.close()
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return answer.status, answer.read().decode("utf-8", "replace")

    def sign_in(self, email: str, password: str) -> None:
        """Sign in as one of the demonstration's people."""
        _status, page = self.ask("GET", "/sign-in")
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token, "the sign-in page has no token"
        status, _page = self.ask(
            "POST", "/sign-in", {"csrf_token": token.group(1), "email": email, "password": password}
        )
        assert status == 303, f"sign-in answered {status}"


@contextmanager
def served(application: str, folder: Path, settings: dict[str, str], workers: int = 2) -> Iterator[Server]:
    """Gunicorn with ``workers`` processes of 4 threads, as ``kaona run`` starts it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [
        sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread",
        "--workers", str(workers), "--threads", "4", "--log-level", "error", "--no-control-socket", "--keep-alive", "65",
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings})
    try:
        wait_for(port)
        yield Server(port, folder, process.pid)
    finally:
        process.terminate()
        process.wait(30)


def wait_for(port: int) -> None:
    """Until the server answers, not only listens."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            return
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
        finally:
            connection.close()
    raise RuntimeError("the server did not start")


def times_of(browser: Browser, path: str, count: int) -> list[float]:
    """Seconds of ``count`` answers to GET ``path``, one after the other."""
    seconds = []
    for _ in range(count):
        started = time.perf_counter()
        status, _text = browser.ask("GET", path)
        seconds.append(time.perf_counter() - started)
        assert status == 200, f"{path} answered {status}"
    return seconds


def crowd(browsers: list[Browser], path: str, each: int) -> tuple[float, list[float]]:
    """All ``browsers`` at once, ``each`` so often: answers per second and every answer's seconds."""
    everything: list[list[float]] = [[] for _ in browsers]

    def work(place: int) -> None:
        everything[place] = times_of(browsers[place], path, each)

    threads = [threading.Thread(target=work, args=(place,)) for place in range(len(browsers))]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    passed = time.perf_counter() - started
    return len(browsers) * each / passed, [second for seconds in everything for second in seconds]
