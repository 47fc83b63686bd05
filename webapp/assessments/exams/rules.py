"""When an exam may be taken, how long, and which questions a person gets. Pure: the server's now comes as an argument."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from webapp import thai

STATUSES = ("draft", "ready", "closed", "released", "cancelled")
SHOWS = ("nothing", "marks", "answers")
ESSAY_RULES = ("mean", "third", "agree")
"""Of two markers: their mean; beyond the threshold a third decides with the nearer; or both agree on one mark."""

USUAL_ESSAY_REASON = "ค่าตั้งต้นของสถาบัน: ผู้ตรวจสองคนต่างกันเกินหนึ่งในห้าของคะแนนเต็ม คือเกินหนึ่งระดับจากห้าระดับ ต้องมีผู้ตัดสินเพิ่ม"
"""Why an exam's rule for essays is as it is, where nobody has said otherwise (ours)."""

ENDINGS = ("submitted", "time", "staff")

LOST_AFTER = dt.timedelta(seconds=45)
"""A candidate whose page has not been heard of for three of its signals (every 15 seconds) has lost contact (ours)."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """A person's exam in time: the window, the length in minutes, and extra minutes granted with a reason."""

    opens_at: dt.datetime
    closes_at: dt.datetime
    minutes: int
    extra_minutes: int = 0


def deadline(sitting: Sitting, started_at: dt.datetime) -> dt.datetime:
    """When the attempt ends: its length after the start, but not after the window, both longer by the extra minutes."""
    extra = dt.timedelta(minutes=sitting.extra_minutes)
    return min(started_at + dt.timedelta(minutes=sitting.minutes), sitting.closes_at) + extra


def may_start(sitting: Sitting, status: str, now: dt.datetime) -> str:
    """Why nobody may start now: ``not-ready``, ``too-early``, ``too-late``; empty if one may."""
    if status != "ready":
        return "not-ready"
    if now < sitting.opens_at:
        return "too-early"
    return "too-late" if now >= sitting.closes_at else ""


def as_typed(code: str) -> str:
    """A start code however it was typed: capitals, Thai digits and spaces make no difference."""
    return "".join(thai.arabic_digits(code).casefold().split())


def in_time(received_at: dt.datetime, ends_at: dt.datetime) -> bool:
    """Whether an answer that reached the server then counts. The server's clock decides (promise 11)."""
    return received_at <= ends_at


def state(
    started: bool, ended: bool, ends_at: dt.datetime | None, seen_at: dt.datetime | None, now: dt.datetime
) -> str:
    """What the invigilator sees: ``waiting``, ``writing``, ``lost``, ``finished`` or ``timed-out``."""
    if not started:
        return "waiting"
    if ended:
        return "finished"
    if ends_at is not None and now > ends_at:
        return "timed-out"
    return "lost" if seen_at is None or now - seen_at > LOST_AFTER else "writing"


@dataclass(frozen=True, slots=True)
class Part:
    """A line of the blueprint: ``draw`` of the questions in its frozen pool (item versions)."""

    id: int
    draw: int
    pool: tuple[int, ...]


def draw(parts: Sequence[Part], seed: str, *, shuffle: bool) -> list[tuple[int, int]]:
    """The (part, item version) that the holder of ``seed`` gets, in their order. The same seed gives the same paper.

    A version that two parts hold is given once. Raises ValueError where a pool is too small.
    """
    taken: set[int] = set()
    paper: list[tuple[int, int]] = []
    for part in parts:
        free = [version for version in part.pool if version not in taken]
        if len(free) < part.draw:
            raise ValueError(f"part {part.id} holds {len(free)} questions, {part.draw} are to be drawn")
        if part.draw < len(part.pool):
            free = _by_seed(free, f"{seed}:draw:{part.id}")
        chosen = free[: part.draw]
        if not shuffle:
            chosen.sort(key=part.pool.index)
        taken.update(chosen)
        paper += [(part.id, version) for version in chosen]
    if shuffle:
        order = {version: n for n, version in enumerate(_by_seed([v for _part, v in paper], f"{seed}:order"))}
        paper.sort(key=lambda one: order[one[1]])
    return paper


def _by_seed(versions: Sequence[int], seed: str) -> list[int]:
    return sorted(versions, key=lambda version: hashlib.sha256(f"{seed}:{version}".encode()).digest())


def receipt(attempt_id: int, submitted_at: dt.datetime, answers: Mapping[int, str], secret: str) -> str:
    """The code on a receipt: it stands for exactly these answers, and nobody without the secret can make one."""
    lines = "\n".join(f"{position}:{digest}" for position, digest in sorted(answers.items()))
    text = f"{attempt_id}\n{submitted_at.isoformat()}\n{lines}"
    code = hashlib.blake2b(text.encode(), key=secret.encode()[:64], digest_size=6).hexdigest().upper()
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"
