"""The browser the journeys use: it reaches the server, nothing else, and hears the complaints of a page."""

from collections.abc import Callable
from typing import Any

import pytest


def test_the_page_of_something_absent_reads_well_without_scripts_at_phone_width(
    open_page: Callable[..., Any], accessible: Callable[[Any], None]
) -> None:
    page = open_page(phone=True, scripts=False)
    page.goto("/nowhere")
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_axe_finds_nothing_on_the_page_of_something_absent(
    browser_page: Any, accessible: Callable[[Any], None]
) -> None:
    browser_page.goto("/nowhere")
    accessible(browser_page)


def test_axe_would_find_a_picture_without_words(browser_page: Any, accessible: Callable[[Any], None]) -> None:
    browser_page.goto("/nowhere")
    browser_page.evaluate("document.body.appendChild(document.createElement('img'))")
    with pytest.raises(AssertionError, match="image-alt"):
        accessible(browser_page)
