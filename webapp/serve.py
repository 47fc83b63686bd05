"""What ``kaona run`` does: web workers and the job worker side by side, until told to stop.

The two are children of this process: when it is told to stop they finish what they are at; when it is killed they
are told by the system; a job worker that dies is started again, and if the web server dies everything stops, so that
whoever supervises this process (systemd, a person) sees it.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from types import FrameType

from config import Config

STOP_WITHIN = 20.0
"""Seconds a child is given to finish its work before it is killed."""

READY_WITHIN = 60.0
"""Seconds the web server is given to answer for the first time."""

RESTART_PAUSES = (1.0, 2.0, 5.0, 15.0, 30.0)
"""Seconds before a job worker that died is started again; the last one repeats."""

STEADY_AFTER = 60.0
"""A job worker that lived this many seconds starts again at the first pause."""

PR_SET_PDEATHSIG = 1


def web_command(config: Config) -> list[str]:
    """How the web server is started: threads for waiting, processes for computing."""
    host = f"[{config.host}]" if ":" in config.host else config.host
    return [
        *(sys.executable, "-m", "gunicorn", "wsgi:app"),
        *("--bind", f"{host}:{config.port}"),
        *("--worker-class", "gthread", "--workers", str(config.workers), "--threads", str(config.threads)),
        *("--timeout", "60", "--graceful-timeout", "10"),
        *(
            "--keep-alive",
            "65",
        ),  # longer than the 15 s of an exam page's signal: no answer meets a connection just closed
        *("--max-requests", "20000", "--max-requests-jitter", "2000"),  # a leak anywhere stays small
        *("--log-level", "warning", "--no-control-socket"),
        *(("--worker-tmp-dir", "/dev/shm") if os.path.isdir("/dev/shm") else ()),  # a slow disk is not a dead worker
    ]


def worker_command() -> list[str]:
    """How the job worker is started."""
    return [sys.executable, "-c", "from webapp.jobs.worker import main; main()"]


def address(config: Config) -> str:
    """Where a browser on this machine finds the product."""
    host = "127.0.0.1" if config.host in ("0.0.0.0", "::", "") else config.host
    return f"http://{f'[{host}]' if ':' in host else host}:{config.port}"


def is_taken(host: str, port: int) -> bool:
    """Whether another program already answers or listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


class Keeper:
    """Starts the two children, watches them, stops them together."""

    def __init__(self, config: Config, announce: Callable[[str], None]) -> None:
        self.config = config
        self.announce = announce
        self.stopping = False
        self.worker_deaths = 0

    def run(self) -> int:
        """Serve until told to stop; the web server's exit code, or 0 after a clean stop."""
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._told_to_stop)
        self.web = self._start(web_command(self.config))
        self._start_worker()
        try:
            if self._wait_until_ready():
                self.announce(address(self.config))
            self._watch()
        finally:
            self._stop()
        return 0 if self.stopping else (self.web.returncode or 1)

    def _told_to_stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        # Their own process group: Ctrl-C reaches this process alone, which then stops them in order.
        return subprocess.Popen(command, process_group=0, preexec_fn=_stop_with_parent)

    def _start_worker(self) -> None:
        self.worker = self._start(worker_command())
        self.worker_started = time.monotonic()

    def _wait_until_ready(self) -> bool:
        host = "127.0.0.1" if self.config.host in ("0.0.0.0", "") else self.config.host
        until = time.monotonic() + READY_WITHIN
        while time.monotonic() < until and not self.stopping and self.web.poll() is None:
            if _answers(host, self.config.port):
                return True
            time.sleep(0.1)
        return False

    def _watch(self) -> None:
        while not self.stopping and self.web.poll() is None:
            if self.worker.poll() is not None:
                self._restart_worker()
            time.sleep(0.2)

    def _restart_worker(self) -> None:
        lived = time.monotonic() - self.worker_started
        self.worker_deaths = 0 if lived > STEADY_AFTER else self.worker_deaths
        pause = RESTART_PAUSES[min(self.worker_deaths, len(RESTART_PAUSES) - 1)]
        if lived < pause:
            return  # not yet; the watch comes by again
        print(f"The job worker ended with code {self.worker.returncode}; starting it again.", file=sys.stderr)
        self.worker_deaths += 1
        self._start_worker()

    def _stop(self) -> None:
        children = (self.web, self.worker)
        for child in children:
            if child.poll() is None:
                child.terminate()
        until = time.monotonic() + STOP_WITHIN
        for child in children:
            try:
                child.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def _stop_with_parent() -> None:
    """Ask Linux to stop this child when its parent is gone, so that a killed parent leaves no port taken."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _answers(host: str, port: int) -> bool:
    """Whether the web server gives any answer to a health check."""
    try:
        with socket.create_connection((host, port), timeout=5) as connection:
            connection.sendall(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
            return connection.recv(12).startswith(b"HTTP/")
    except OSError:
        return False


def serve(config: Config, announce: Callable[[str], None]) -> int:
    """Run the product; ``announce`` is called with its address once it answers. Returns the exit code."""
    if is_taken(config.host, config.port):
        print(
            f"Port {config.port} on {config.host} is already in use. "
            "Stop the other program, or choose another port: PORT=8001 kaona run",
            file=sys.stderr,
        )
        return 2
    return Keeper(config, announce).run()
