"""Goal 6 and promise 6: answers saved by 8 clients beside a durable one-row POST; handing in 60 questions; 200 people at once."""

import http.client
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

from benchmarks import floor_page
from benchmarks.exam_hall import CODE, Seat, furnish, settings_of
from benchmarks.measuring import Result
from benchmarks.serving import Server, served

CLIENTS, EACH, ROUNDS = 8, 60, 5
QUESTIONS = 60
HALL, EVERY_S, MINUTES = 200, 5.0, 2
TYPED = "คำตอบที่พิมพ์ระหว่างสอบ เขียนเป็นข้อความยาวพอสมควร " * 4

Work = Callable[[http.client.HTTPConnection, int, int], None]


def measure() -> Iterator[Result]:
    """Save and hand in beside the floor, then fill the hall."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seats = furnish(folder / "data", CLIENTS + 40, QUESTIONS, begun=True)
        floor_page.prepare(str(folder / "floor.sqlite"))
        with (
            served("wsgi:app", folder, settings_of(folder / "data")) as product,
            served("benchmarks.floor_page:make()", folder, {"FLOOR_DATABASE": str(folder / "floor.sqlite")}) as floor,
        ):
            yield from _saving(product, floor, seats[:CLIENTS])
            yield _handing_in(product, seats[CLIENTS:])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seats = furnish(folder, HALL, QUESTIONS, begun=True)
        with served("wsgi:app", folder, settings_of(folder)) as product:
            yield _full_hall(product, seats)


def saving(seat: Seat, position: int, turn: int, text: str = TYPED, page: str = "benchmark") -> tuple[str, str, bytes, dict[str, str]]:  # fmt: skip
    """The request that saves an answer, as ``HTTPConnection.request`` takes it."""
    fields = {"csrf_token": seat.token, "page": page, "turn": turn, "position": position, "based": 0, "flagged": "no",
              f"q{position}": f"{text} {turn}"}  # fmt: skip
    return "POST", f"/my/exams/{CODE}/save", urlencode(fields).encode(), seat.headers


def _saving(product: Server, floor: Server, seats: list[Seat]) -> Iterator[Result]:
    turns = [0] * len(seats)

    def save(connection: http.client.HTTPConnection, place: int, n: int) -> None:
        turns[place] += 1
        connection.request(*saving(seats[place], n % QUESTIONS + 1, turns[place]))
        _expect(connection, 200)

    def write(connection: http.client.HTTPConnection, place: int, n: int) -> None:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/", urlencode({"text": TYPED}), headers)
        _expect(connection, 204)

    _crowd(product, save, 10), _crowd(floor, write, 10)
    own, other, own_rates, other_rates = [], [], [], []
    for _ in range(ROUNDS):
        rate, seconds = _crowd(product, save, EACH)
        own_rates.append(rate)
        own += seconds
        rate, seconds = _crowd(floor, write, EACH)
        other_rates.append(rate)
        other += seconds
    rate, floor_rate = statistics.median(own_rates), statistics.median(other_rates)
    yield Result(
        "6", f"answers saved with {CLIENTS} clients, seconds per answer", 1 / rate, "durable floor", 1 / floor_rate, at_most=2,
        note=f"{rate:.0f}/s beside {floor_rate:.0f}/s",
    )  # fmt: skip
    yield Result("6", "the same, p95", _p95(own), "durable floor", _p95(other), at_most=2)
    yield Result("6", "the same, slowest", max(own), "durable floor", max(other), limit=0.5)


def _handing_in(product: Server, seats: list[Seat]) -> Result:
    """Every question answered, then handed in: how long the one POST takes that ends it."""
    connection = http.client.HTTPConnection("127.0.0.1", product.port, timeout=60)
    seconds = []
    for seat in seats:
        for position in range(1, QUESTIONS + 1):
            connection.request(*saving(seat, position, 1))
            _expect(connection, 200)
        body = urlencode({"csrf_token": seat.token})
        started = time.perf_counter()
        connection.request("POST", f"/my/exams/{CODE}/submit", body, seat.headers)
        _expect(connection, 303)
        seconds.append(time.perf_counter() - started)
    return Result("6", f"handing in {QUESTIONS} questions, p50", statistics.median(seconds), "", 0, limit=0.045)


def _full_hall(product: Server, seats: list[Seat]) -> Result:
    """Everybody saves every few seconds, each at a moment of their own; what goes wrong is counted."""
    wrong: list[str] = []
    again: list[str] = []
    seconds: list[float] = []
    start = time.monotonic() + 1
    until = start + MINUTES * 60

    def sit(place: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", product.port, timeout=30)
        turn, at = 0, start + EVERY_S * place / len(seats)
        while at < until:
            time.sleep(max(0.0, at - time.monotonic()))
            turn, at = turn + 1, at + EVERY_S
            began = time.perf_counter()
            trouble = _sent(connection, saving(seats[place], turn % QUESTIONS + 1, turn))
            if trouble and trouble.startswith(
                "closed"
            ):  # a kept connection that the server closed meanwhile: a new one
                again.append(trouble)
                trouble = _sent(connection, saving(seats[place], turn % QUESTIONS + 1, turn))
            wrong.extend([trouble] if trouble else [])
            seconds.append(time.perf_counter() - began)

    _all([lambda place=place: sit(place) for place in range(len(seats))])
    note = f"{len(seconds)} answers in {MINUTES} minutes, {len(wrong)} errors, {len(again)} sent again on a new connection, slowest {max(seconds):.2f} s"
    found = _p95(seconds) if not wrong else float("inf")
    return Result("6", f"{len(seats)} people at once, each every {EVERY_S:.0f} s, p95", found, "", 0, limit=0.5, note=note + "".join(f"; {one}" for one in wrong[:3]))  # fmt: skip


def _sent(connection: http.client.HTTPConnection, request: tuple[str, str, bytes, dict[str, str]]) -> str:
    """Send an answer; what went wrong, empty when it was saved."""
    try:
        connection.request(*request)
        _expect(connection, 200)
    except (http.client.RemoteDisconnected, ConnectionError, http.client.CannotSendRequest) as error:
        connection.close()
        return f"closed: {error}"
    except (AssertionError, OSError, http.client.HTTPException) as error:
        connection.close()
        return f"{type(error).__name__}: {error}"
    return ""


def _expect(connection: http.client.HTTPConnection, status: int) -> None:
    answer = connection.getresponse()
    text = answer.read()
    assert answer.status == status, f"{answer.status}: {text[:200]!r}"


def _p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


def _all(work: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=one) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _crowd(server: Server, work: Work, each: int) -> tuple[float, list[float]]:
    """All clients at once, ``each`` so often: answers per second and every answer's seconds."""
    everything: list[list[float]] = [[] for _ in range(CLIENTS)]

    def client(place: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        for n in range(each):
            began = time.perf_counter()
            work(connection, place, n)
            everything[place].append(time.perf_counter() - began)
        connection.close()

    started = time.perf_counter()
    _all([lambda place=place: client(place) for place in range(CLIENTS)])
    passed = time.perf_counter() - started
    return CLIENTS * each / passed, [second for seconds in everything for second in seconds]
