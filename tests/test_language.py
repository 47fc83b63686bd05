"""Everything a reader sees is there in Thai and in English."""

import pytest

from tests import words


def test_every_wrapped_text_has_its_english() -> None:
    missing = words.untranslated()
    assert not missing, f"{len(missing)} texts want their English in the room's english.po:\n" + "\n".join(missing)


def test_no_thai_stands_in_a_template_unwrapped() -> None:
    bare = words.bare_thai()
    assert not bare, "write {{ _('…') }} around:\n" + "\n".join(bare)


def test_no_two_rooms_translate_a_text_differently() -> None:
    assert words.repeated() == []


@pytest.mark.parametrize("text", ["{{ 'ไทย' }}", "<p>ไทย</p>", "{{ field('ไทย') }}"])
def test_the_check_sees_thai_that_is_not_wrapped(text: str) -> None:
    from jinja2 import Environment

    assert list(words._bare(Environment().parse(text)))


@pytest.mark.parametrize(
    "text", ["{{ _('ไทย') }}", "{{ field(_('ไทย')) }}", "{{ ngettext('ไทย', 'ไทย', n) }}", "{# ไทย #}"]
)
def test_the_check_takes_thai_that_is_wrapped(text: str) -> None:
    from jinja2 import Environment

    assert not list(words._bare(Environment().parse(text)))


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, "0 people differ"), (1, "1 person differs"), ("1", "1 person differs"), (11, "11 people differ")],
)
def test_english_agrees_with_its_numbers(app, count, shown) -> None:
    from flask_babel import force_locale, gettext

    with app.test_request_context(), force_locale("en"):
        assert gettext("ต่างกัน %(count)s คน", count=count) == shown
        assert app.jinja_env.from_string("{{ _('ต่างกัน %(count)s คน', count=n) }}").render(n=count) == shown


def test_what_is_filled_in_is_not_touched_and_is_escaped(app) -> None:
    from flask_babel import force_locale

    from webapp.language import agreeing

    assert (
        agreeing("%(count)s rows of %(name)s items", {"count": 1, "name": "1 people"})
        == "%(count)s row of %(name)s items"
    )
    with app.test_request_context(), force_locale("en"):
        page = app.jinja_env.overlay(autoescape=True).from_string("{{ _('%(count)s คน', count=n) }}")
        assert page.render(n="<b>") == "&lt;b&gt; people"
