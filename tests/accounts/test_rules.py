"""Passwords, roles and waiting, at their thresholds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.accounts import rules

PERSON = ("สมชาย ใจดี", "somchai.jaidee@bangkok.go.th")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("elevenchars", "short"),
        ("ก" * 11, "short"),
        ("ab1!" * 33, "long"),
        ("password1234", "common"),
        ("Passw0rd2569!!", "common"),
        ("P@ssw0rd1234", "common"),
        ("qwertyuiop123", "common"),
        ("1qaz2wsx3edc4rfv", "common"),
        ("123456789012", "common"),
        ("aaaaaaaaaaaaaaaa", "common"),
        ("abcabcabcabcabc", "common"),
        ("iloveyouforever", "common"),
        ("bangkok2569bangkok", "common"),
        ("กรุงเทพมหานคร2569", "common"),
        ("ผู้อำนวยการเขต1", "common"),
        ("สมชายใจดี1234", "personal"),
        ("Somchai.Jaidee99", "personal"),
    ],
)
def test_a_password_that_is_tried_first_is_refused(password: str, why: str) -> None:
    assert rules.weakness(password, about=PERSON) == rules.WeakPassword(why)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "x7$Kp2!mQz9w",
        "เขียวหวานใส่ไก่ทอด",
        "a" + "bcdqvxrtpmlk",
        "สมชาย ชอบกินทุเรียนหมอนทอง",
        "ab1!xq" * 21,
    ],
)
def test_a_password_nobody_tries_first_will_do(password: str) -> None:
    assert rules.weakness(password, about=PERSON) is None


def test_twelve_characters_are_enough_and_128_not_too_many() -> None:
    assert rules.weakness("qzvkwpxmrbtl") is None
    assert rules.weakness("qzvkwpxmrbt") == rules.WeakPassword("short")
    long = ("qzvkwpxmrbtlhgdc" * 8)[:128]
    assert rules.weakness(long + "x") == rules.WeakPassword("long")


@given(st.text(max_size=200))
def test_no_text_upsets_the_check(password: str) -> None:
    rules.weakness(password, about=(password, ""))


@pytest.mark.parametrize(
    ("roles", "together"),
    [
        ({"mentor", "officer"}, True), ({"institute", "commission", "assessor"}, True), ({"auditor"}, True),
        ({"administrator"}, True), ({"auditor", "officer"}, False), ({"administrator", "institute"}, False),
        ({"administrator", "auditor"}, False), ({"king"}, False), (set(), True),
    ],
)  # fmt: skip
def test_an_auditor_and_an_administrator_hold_no_other_role(roles: set[str], together: bool) -> None:
    assert rules.roles_go_together(roles) is together


def test_the_wait_doubles_and_is_capped() -> None:
    waits = [rules.wait_after(failures, 0, rules.BY_NAME) for failures in range(3, 15)]
    assert waits == [0, 0, 10, 20, 40, 80, 160, 300, 300, 300, 300, 300]


def test_the_wait_is_over_when_its_time_has_passed() -> None:
    assert rules.wait_after(6, 19.5, rules.BY_NAME) == 1
    assert rules.wait_after(6, 20, rules.BY_NAME) == 0
    assert rules.wait_after(10_000, 300, rules.BY_NAME) == 0
