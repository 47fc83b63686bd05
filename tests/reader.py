"""A browser without scripts: reads pages, fills in their forms and sends them, token and hidden fields included."""

import contextvars
import secrets
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask import has_app_context
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from webapp.database import db

Values = dict[str, list[str]]


@dataclass
class Form:
    """One form of a page as it stands, with what is filled in already."""

    action: str
    method: str
    values: Values = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


class Forms(HTMLParser):
    """The forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._select: str = ""
        self._area: str = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._open)
        elif self._open is not None:
            self._control(self._open, tag, given)

    def _control(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "option" and self._select and "selected" in given:
            form.values.setdefault(self._select, []).append(value)
        if not name or "disabled" in given:
            return
        form.names.add(name)
        if tag == "select":
            self._select = name
        elif tag == "textarea":
            self._area = name
            form.values[name] = [""]
        elif tag == "input" and given.get("type", "text") in ("checkbox", "radio"):
            if "checked" in given:
                form.values.setdefault(name, []).append(value or "on")
        elif tag == "input" and given.get("type") not in ("submit", "button", "file"):
            form.values.setdefault(name, []).append(value)

    def handle_data(self, data: str) -> None:
        if self._area and self._open is not None:
            self._open.values[self._area][0] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""


def form_with(page: str, names: set[str], action: str = "") -> Form:
    """The form of the page that posts and has controls with these names (and this address, where one is given)."""
    reader = Forms()
    reader.feed(page)
    for form in reader.forms:
        if form.method == "post" and names <= form.names and action in ("", form.action):
            return form
    seen = [(form.action, sorted(form.names)) for form in reader.forms if form.method == "post"]
    raise AssertionError(f"no form with {sorted(names)} {action}; the page has {seen}")


class ReaderClient(FlaskClient):
    """A client whose requests see what the test has prepared, in a context of their own as on a real server.

    An answer of 500 or more fails the test, unless the test says ``client.may_fail = True`` first. A bare ``post``
    carries the token of its session as a page's form would; ``token=False`` leaves it out.
    """

    may_fail = False

    def open(self, *args: Any, token: bool = True, **kwargs: Any) -> Any:
        if not has_app_context():  # following a redirect, inside the run below
            return super().open(*args, **kwargs)
        if db.session.in_transaction():
            db.session.commit()  # so that the page sees it, and the one write lock is free
        if token and kwargs.get("method", "GET") == "POST":
            kwargs["headers"] = {"X-CSRFToken": self._token(), **dict(kwargs.get("headers") or {})}
        answer = contextvars.Context().run(super().open, *args, **kwargs)
        db.session.expire_all()
        assert self.may_fail or answer.status_code < 500, f"{answer.request.path} answered {answer.status}; see the log"
        return answer

    def _token(self) -> str:
        with self.session_transaction() as kept:
            raw = kept.setdefault("csrf_token", secrets.token_hex(20))
        return str(URLSafeTimedSerializer(self.application.secret_key, salt="wtf-csrf-token").dumps(raw))

    def submit(self, address: str, values: dict[str, Any] | None = None, *, action: str = "", button: str = "") -> Any:
        """Open the page at ``address``, fill in ``values``, press the button; the answer to the POST.

        What the page has filled in already (token, key, version, defaults) goes along, as from a browser. ``action``
        chooses among forms that look alike; ``button`` is the ``name=value`` of the button pressed.
        """
        values = values or {}
        page = self.get(address)
        assert page.status_code == 200, f"{address} answered {page.status}"
        form = form_with(page.get_data(as_text=True), set(values), action)
        pressed = dict([button.split("=", 1)]) if button else {}
        data = {**form.values, **values, **pressed}
        with_file = any(isinstance(value, tuple) or hasattr(value, "read") for value in data.values())
        kind = "multipart/form-data" if with_file else "application/x-www-form-urlencoded"
        return self.post(form.action or address, data=data, content_type=kind)
