"""What makes a password good enough, which roles go together, and how long a guesser waits.

Pure decisions. Passwords: length before composition, and none that everybody tries first (NIST SP 800-63B §3.1.1.2,
OWASP ASVS 5.0 V6.2). Waiting: per account name, per known browser and per address, growing and capped, so that guessing
is slow and the owner is never shut out for long (ASVS 6.3.1; OWASP, "device cookies").
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from webapp.accounts.permissions import LONELY, ROLES

SHORTEST_PASSWORD = 12
"""Characters. Longer than the 8 that NIST asks for: passwords here are the only factor for now."""

LONGEST_PASSWORD = 128
"""Characters. Passphrases fit; hashing a megabyte does not."""

# Words that open most guessing lists, in the spellings people here use. A password that is nothing but these words,
# digits, years and keyboard runs is guessed first, however long.
COMMON_WORDS = (
    "password", "passw0rd", "passwort", "pass", "word", "letmein", "welcome", "login", "signin", "admin",
    "administrator", "root", "user", "guest", "test", "testing", "demo", "default", "changeme", "secret", "master",
    "access", "system", "server", "computer", "internet", "google", "facebook", "office", "windows", "iloveyou",
    "love", "lovely", "loveyou", "forever", "sunshine", "princess", "dragon", "monkey", "football", "baseball",
    "superman", "batman", "pokemon", "starwars", "shadow", "michael", "jordan", "ashley", "hello", "freedom",
    "whatever", "trustno", "trustno1", "charlie", "samsung", "iphone", "apple", "banana", "orange", "summer", "winter",
    "january", "monday", "abc", "abcd", "abcdef", "xyz", "qwerty", "qwertyuiop", "qazwsx", "qwe", "asd", "asdf",
    "asdfgh", "asdfghjkl", "zxc", "zxcv", "zxcvbnm", "1qaz", "2wsx", "3edc", "q1w2e3r4", "1q2w3e4r", "bangkok", "thailand", "siam",
    "bma", "kaona", "krungthep", "khet", "district", "director", "sawasdee", "sawatdee", "somchai", "chang", "singha",
    "liverpool", "manchester", "united", "chelsea", "arsenal", "my", "the", "is", "i", "me", "you", "new", "and", "for",
    "รหัส", "ผ่าน", "รหัสผ่าน", "กรุงเทพ", "กรุงเทพมหานคร", "มหานคร", "สำนักงาน", "เขต", "สำนักงานเขต", "ผู้อำนวยการ", "ข้าราชการ",
    "ประเทศไทย", "ไทย", "สวัสดี", "ครับ", "ค่ะ", "รัก", "ฉัน", "เธอ", "ก้าวหน้า", "กขค", "ฟหกด",
)  # fmt: skip

RUNS = (
    "01234567890", "09876543210", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv",
    "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "qazwsxedcrfvtgbyhnujm", "กขคฆงจฉชซ", "ฟหกดเ้่าสว", "๐๑๒๓๔๕๖๗๘๙๐",
)  # fmt: skip

ENOUGH = 6
"""What must be left of a password when the commonest words and runs are taken out of it."""

LEET = str.maketrans("@4310$5!7", "aaeiossit")


def normalized_password(typed: str) -> str:
    """The one form in which a password is checked and hashed, so that two keyboards give the same (NFKD)."""
    return unicodedata.normalize("NFKD", typed)


@dataclass(frozen=True)
class WeakPassword:
    """Why a password is refused: ``short``, ``long``, ``common`` or ``personal``."""

    why: str


def weakness(password: str, *, about: Iterable[str] = ()) -> WeakPassword | None:
    """Why this password will not do, or None. ``about``: the person's own name and e-mail address."""
    if len(password) < SHORTEST_PASSWORD:
        return WeakPassword("short")
    if len(password) > LONGEST_PASSWORD:
        return WeakPassword("long")
    folded = normalized_password(password).casefold()
    common = [normalized_password(word).casefold() for word in COMMON_WORDS]
    if min(_left_over(folded, common), _left_over(folded.translate(LEET), common)) < ENOUGH:
        return WeakPassword("common")
    own = {normalized_password(part).casefold() for text in about for part in re.split(r"[\s@._\-+]+", text)}
    telling = [part for part in own if len(part) >= 4]
    if any(part in folded for part in telling) and _left_over(folded, [*common, *telling]) < ENOUGH:
        return WeakPassword("personal")
    return None


def _left_over(text: str, words: Iterable[str]) -> float:
    """How much is left once these words, keyboard runs, repeats and years are taken away.

    A letter counts one, a digit or sign a half: "password2569!!" leaves 1, two words of a real phrase leave plenty.
    """
    for word in sorted(set(words), key=len, reverse=True):
        text = text.replace(word, " ")
    text = _without_runs(text)
    text = re.sub(r"(.{1,4}?)\1{2,}", " ", text)
    text = re.sub(r"(19|20|24|25)\d\d", " ", text)
    letters = len(re.sub(r"[\W\d_]+", "", text))
    return letters + (len(re.sub(r"\s+", "", text)) - letters) / 2


def _without_runs(text: str) -> str:
    for run in RUNS:
        for direction in (run, run[::-1]):
            for length in range(len(direction), 3, -1):
                for start in range(len(direction) - length + 1):
                    text = text.replace(direction[start : start + length], " ")
    return text


def roles_go_together(roles: Iterable[str]) -> bool:
    """Whether one account may hold these roles: an auditor and an administrator hold no other."""
    held = set(roles)
    return held <= set(ROLES) and (not (held & LONELY) or len(held) == 1)


@dataclass(frozen=True)
class Patience:
    """How many failures are free, and how the wait grows after them: doubling from ``first`` to ``longest`` seconds."""

    free: int
    first: int
    longest: int


BY_NAME = Patience(free=5, first=10, longest=300)
"""Unknown browser, one account name: 5 tries as people need, then 10, 20, 40 … at most 300 seconds between tries."""

BY_BROWSER = Patience(free=8, first=10, longest=300)
"""A browser this account has signed in with before: counted apart, so that nobody elsewhere can shut the owner out."""

BY_ADDRESS = Patience(free=60, first=5, longest=120)
"""One network address: a whole office shares one, so 60 failures in the window are free."""

LINKS_BY_NAME = Patience(free=3, first=600, longest=3600)
"""Forgotten-password mails to one address."""

LINKS_BY_ADDRESS = Patience(free=20, first=60, longest=600)
"""Forgotten-password requests from one network address."""

WINDOW_S = 3600
"""Failures older than this many seconds are forgotten."""


def wait_after(failures: int, since_last: float, patience: Patience) -> int:
    """Whole seconds still to wait before the next try; 0 when it may be made now."""
    if failures < patience.free:
        return 0
    doublings = min(failures - patience.free, 30)
    due = min(patience.longest, patience.first * 2**doublings)
    return max(0, int(-(-(due - since_last) // 1)))
