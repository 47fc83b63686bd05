"""All web workers killed with -9 while a hall full of people starts, saves and hands in an exam (promises 1, 2 and 4).

Whatever a person was told is saved must be there afterwards, once; nobody has two attempts; every attempt ends once.
"""

import contextlib
import http.client
import os
import random
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.exam_hall import CODE, KAONA, Seat, furnish, settings_of
from benchmarks.goal_exam import saving
from benchmarks.serving import Server, served, wait_for

PEOPLE, KILLS, QUESTIONS, WORKERS = 100, 200, 12, 2
LONGEST_WAIT_S = 60


def inject() -> list[str]:
    """The long form: 100 people, 200 kills."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = settings_of(folder)
        persons = [Person(*seat, QUESTIONS) for seat in enumerate(furnish(folder, PEOPLE, QUESTIONS, begun=False))]
        troubles, slowest = hall_survives(folder, settings, persons, KILLS)
        command, environment = [KAONA, "audit", "verify"], {**os.environ, **settings}
        verified = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if verified.returncode:
            troubles.append(f"the audit log: {verified.stdout.strip()[-300:]} {verified.stderr.strip()[-300:]}")
        told = sum(len(person.told) for person in persons)
    print(
        f"    {PEOPLE} people, {KILLS} kills, {told} answers acknowledged, ready again within {slowest:.1f} s",
        flush=True,
    )
    return troubles


def hall_survives(
    folder: Path, settings: dict[str, str], persons: "list[Person]", kills: int
) -> tuple[list[str], float]:  # fmt: skip
    """Let people write while all workers are killed ``kills`` times; what was not right afterwards, the longest outage."""
    stop, leave = threading.Event(), threading.Event()
    with served("wsgi:app", folder, settings, workers=WORKERS) as server:
        threads = [threading.Thread(target=person.sit, args=(server, stop, leave)) for person in persons]
        for thread in threads:
            thread.start()
        slowest = _kill_often(server, kills, stop, persons)
        for thread in threads:
            thread.join(120)
        leave.set()
    troubles = [trouble for person in persons for trouble in person.troubles]
    return troubles + _looked_through(folder / "kaona.sqlite", persons), slowest


def _kill_often(server: Server, kills: int, stop: threading.Event, persons: "list[Person]") -> float:
    """Kill every worker once people have been told of some answers again, the last times while they hand in.

    The longest time until somebody was answered again.
    """
    dice, slowest = random.Random(2569), 0.0
    for number in range(kills):
        if number == kills - max(1, kills // 10):
            stop.set()  # from here on they hand in
        before, until = _told(persons), time.monotonic() + LONGEST_WAIT_S
        while not stop.is_set() and _told(persons) < before + len(persons) and time.monotonic() < until:
            time.sleep(0.02)
        time.sleep(dice.uniform(0.0, 0.3))
        for pid in Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
        began = time.monotonic()
        wait_for(server.port)
        slowest = max(slowest, time.monotonic() - began)
    stop.set()
    return slowest


def _told(persons: "list[Person]") -> int:
    return sum(len(person.told) for person in persons)


@dataclass
class Person:
    """Somebody who starts twice at once, writes until told to stop, hands in, and remembers what they were told."""

    number: int
    seat: Seat
    questions: int
    told: dict[tuple[int, int], str] = field(default_factory=dict)
    sent: dict[tuple[int, int], str] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)
    _kept: dict[int, http.client.HTTPConnection] = field(default_factory=dict)

    def sit(self, server: Server, stop: threading.Event, leave: threading.Event) -> None:
        start = urlencode({"csrf_token": self.seat.form_token, "agreed": "yes"}).encode()
        begin = ("POST", f"/my/exams/{CODE}/start", start, self.seat.headers)
        other = threading.Thread(target=self._until, args=(server, begin, 303, leave, 1))
        other.start()
        self._until(server, begin, 303, leave)
        other.join()
        dice, turns = random.Random(self.number), dict.fromkeys(range(1, self.questions + 1), 0)
        while not stop.is_set():
            position = dice.randint(1, self.questions)
            turns[position] += 1
            text = f"คน {self.number} ข้อ {position}"
            self.sent[position, turns[position]] = f"{text} {turns[position]}"
            if self._until(
                server, saving(self.seat, position, turns[position], text, page=f"page-{self.number:05}"), 200, leave
            ):
                self.told[position, turns[position]] = f"{text} {turns[position]}"
            time.sleep(dice.uniform(0.0, 0.3))
        token = urlencode({"csrf_token": self.seat.token}).encode()
        self._until(server, ("POST", f"/my/exams/{CODE}/submit", token, self.seat.headers), 303, leave)
        for connection in self._kept.values():
            connection.close()

    def _until(
        self, server: Server, request: tuple[str, str, bytes, dict[str, str]], status: int, leave: threading.Event, line: int = 0
    ) -> bool:  # fmt: skip
        """Send the same request until the server says yes; whether it did before everybody had to leave."""
        while not leave.is_set():
            try:
                connection = self._kept.setdefault(
                    line, http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
                )
                connection.request(*request)
                answer = connection.getresponse()
                text = answer.read()
                if answer.status == status:
                    return True
                if answer.status not in (429, 500, 502, 503):
                    self.troubles.append(f"person {self.number}, {request[1]}: {answer.status} {text[:200]!r}")
                    return False
                if answer.status == 500:
                    self.troubles.append(f"person {self.number}, {request[1]}: 500")
            except (OSError, http.client.HTTPException):
                self._kept.pop(line).close()
            time.sleep(0.1)
        return False


def _looked_through(database: Path, persons: list[Person]) -> list[str]:
    """What the database holds, beside what people were told."""
    connection = sqlite3.connect(database)
    try:
        ask: Callable[..., list[tuple]] = lambda words, *values: connection.execute(words, values).fetchall()  # noqa: E731
        troubles = [f"integrity: {state}" for (state,) in ask("PRAGMA integrity_check") if state != "ok"]
        for person in persons:
            name, candidate = f"person {person.number}", person.seat.candidate_id
            attempts = ask("SELECT id, ended_at, receipt FROM exam_attempt WHERE candidate_id = ?", candidate)
            if len(attempts) != 1:
                troubles.append(f"{name}: {len(attempts)} attempts")
                continue
            ((attempt, ended_at, receipt),) = attempts
            if not ended_at or not receipt:
                troubles.append(f"{name}: handed in, but the attempt has not ended")
            places = ask("SELECT position FROM exam_question WHERE attempt_id = ? ORDER BY position", attempt)
            if [place for (place,) in places] != list(range(1, person.questions + 1)):
                troubles.append(f"{name}: a paper of {len(places)} questions")
            rows = ask(
                "SELECT q.position, a.turn, a.response, a.late FROM exam_answer a JOIN exam_question q ON q.id = a.question_id "
                "WHERE q.attempt_id = ?", attempt,
            )  # fmt: skip
            kept = {(position, turn): response for position, turn, response, _late in rows}
            if len(kept) != len(rows):
                troubles.append(f"{name}: an answer was kept twice")
            lost = [place for place, text in person.told.items() if f'"{text}"' not in kept.get(place, "")]
            strange = [place for place, response in kept.items() if f'"{person.sent.get(place)}"' not in response]
            late = [(position, turn) for position, turn, _response, was_late in rows if was_late]
            for what, places_of in (("acknowledged and lost", lost), ("never sent", strange), ("late", late)):
                if places_of:
                    troubles.append(f"{name}: {what}: {places_of[:5]}")
        return troubles
    finally:
        connection.close()
