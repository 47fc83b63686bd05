"""``kaona run``: web and job worker start together, stop together, and leave nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.request import urlopen

import pytest

from config import Config
from webapp import serve

ROOT = Path(__file__).parent.parent


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def descendants(pid: int) -> list[int]:
    """The processes started by ``pid`` and by those it started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [found for child in map(int, children) for found in (child, *descendants(child))]


def is_alive(pid: int) -> bool:
    """Whether the process runs (a process that has ended and waits to be noticed does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def eventually(true: Callable[[], bool], within: float = 20.0) -> bool:
    """Whether it becomes true in time."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.1)
    return False


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """``kaona run`` on an empty, initialized folder, after it has printed its address."""
    port = free_port()
    environment = {
        **os.environ, "KAONA_DATA_DIR": str(tmp_path), "PORT": str(port), "HOST": "127.0.0.1",
        "DATABASE_URL": "", "KAONA_ENV": "development", "KAONA_WORKERS": "1", "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    subprocess.run(
        [sys.executable, "-m", "webapp.cli", "init"], cwd=ROOT, env=environment, check=True, capture_output=True
    )
    log = tmp_path / "output"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "webapp.cli", "run"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=output,
            text=True,
        )
    assert eventually(lambda: f"http://127.0.0.1:{port}" in log.read_text(), 30), log.read_text()
    yield process, port
    if process.poll() is None:
        process.terminate()
        process.wait(30)


Running = tuple["subprocess.Popen[str]", int]


def test_it_serves_and_stops_cleanly_with_all_it_started(running: Running) -> None:
    process, port = running
    with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
        assert answer.status == 200
    started = descendants(process.pid)
    assert len(started) >= 3, "gunicorn, its worker, and the job worker"
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert not [pid for pid in started if is_alive(pid)]
    assert not serve.is_taken("127.0.0.1", port)


def test_killed_it_leaves_no_process_and_no_port_taken(running: Running) -> None:
    process, port = running
    started = descendants(process.pid)
    process.kill()
    process.wait()
    assert eventually(lambda: not [pid for pid in started if is_alive(pid)])
    assert not serve.is_taken("127.0.0.1", port)


def test_a_port_in_use_is_said_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        config = replace(Config(), port=int(other.getsockname()[1]))
        assert serve.serve(config, lambda _address: None) == 2
    assert "already in use" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("host", "shown"),
    [("127.0.0.1", "http://127.0.0.1:8000"), ("0.0.0.0", "http://127.0.0.1:8000"), ("::1", "http://[::1]:8000")],
)
def test_the_address_printed_is_one_a_browser_here_can_open(host: str, shown: str) -> None:
    assert serve.address(replace(Config(), host=host)) == shown
