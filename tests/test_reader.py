"""The client that fills in forms sends what a browser would."""

import pytest

from tests.reader import form_with

PAGE = """
<form method="get" action="/search"><input name="q" value="x"></form>
<form method="post" action="/save"><input type="hidden" name="csrf_token" value="t"><input name="points" value="60">
<input type="checkbox" name="gate" value="1" checked><input type="checkbox" name="other" value="2">
<select name="part"><option value="a">A</option><option value="b" selected>B</option></select>
<textarea name="reason">
เพราะ &amp; เหตุ</textarea><input name="closed" value="no" disabled><button name="do" value="save">บันทึก</button></form>
"""


def test_what_is_filled_in_already_goes_along() -> None:
    form = form_with(PAGE, {"points"})
    assert form.action == "/save"
    assert form.values == {
        "csrf_token": ["t"], "points": ["60"], "gate": ["1"], "part": ["b"], "reason": ["เพราะ & เหตุ"],
    }  # fmt: skip


def test_a_field_the_page_does_not_have_is_an_error() -> None:
    with pytest.raises(AssertionError, match="no form with"):
        form_with(PAGE, {"salary"})
