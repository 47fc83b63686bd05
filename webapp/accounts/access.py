"""Who may enter a page: every route says it, or the program does not start."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, current_app, g, redirect, request, url_for
from flask_login import current_user

from webapp.accounts.permissions import PERMISSIONS, may
from webapp.audit import Actor
from webapp.error_pages import asks_for_json
from webapp.errors import NotAllowed

View = Callable[..., Any]


def requires(*permissions: str) -> Callable[[View], View]:
    """Open a view to whoever holds at least one of ``permissions``; everybody else gets the helpful 404 page."""
    for permission in permissions:
        if permission not in PERMISSIONS:
            raise KeyError(f"unknown permission {permission!r}")

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                return to_sign_in()
            if not may_any(*permissions):
                raise NotAllowed()
            return view(*args, **kwargs)

        guarded.access = permissions  # type: ignore[attr-defined]
        return guarded

    return decorate


def signed_in(view: View) -> View:
    """Open a view to everybody who is signed in."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not current_user.is_authenticated:
            return to_sign_in()
        return view(*args, **kwargs)

    guarded.access = ("signed-in",)  # type: ignore[attr-defined]
    return guarded


def public(view: View) -> View:
    """Open a view to everybody, signed in or not."""
    view.access = ("public",)  # type: ignore[attr-defined]
    return view


def to_sign_in() -> Any:
    """Send a visitor to the sign-in page; a script is told in its own way, so that the page does not land in a fragment."""
    address = url_for("accounts.sign_in", next=request.full_path.rstrip("?") if request.method == "GET" else None)
    if asks_for_json():
        return {"status": 401, "sign_in": address}, 401
    if request.headers.get("HX-Request"):
        return "", 401, {"HX-Redirect": address}
    return redirect(address, 303)


def may_any(*permissions: str) -> bool:
    """Whether the person signed in holds one of ``permissions`` (for showing or hiding a button)."""
    roles = current_roles()
    return any(may(roles, permission) for permission in permissions)


def may_open(endpoint: str) -> bool:
    """Whether the page exists and the person signed in holds a right that opens it (for showing a link or a word)."""
    view = current_app.view_functions.get(endpoint)
    asked = getattr(view, "access", ())
    return bool(asked) and (asked == ("public",) or asked == ("signed-in",) or may_any(*asked))


def current_roles() -> frozenset[str]:
    """The roles of the person signed in; none for a visitor."""
    if not current_user.is_authenticated:
        return frozenset()
    if "roles" not in g:
        g.roles = frozenset(role.name for role in current_user.roles)
    return g.roles


def current_actor() -> Actor:
    """The person signed in, as operations and the audit log name them."""
    if not current_user.is_authenticated:
        raise NotAllowed()
    roles = current_roles()
    return Actor(
        kind="account",
        name=current_user.name,
        role=",".join(sorted(roles)),
        account_id=current_user.id,
        roles=roles,
    )


def current_officer_id() -> int | None:
    """The officer behind the sign-in, if any (asked of the officers room, once a request)."""
    if "officer_id" not in g:
        g.officer_id = (
            current_app.extensions["kaona.officer_of"](current_user.id) if current_user.is_authenticated else None
        )
    return g.officer_id


class UnclassifiedRoute(RuntimeError):
    """A route that does not say who may enter."""


def check_every_route(app: Flask) -> None:
    """Refuse to start when a route does not say who may enter."""
    unclassified = [rule.endpoint for rule in app.url_map.iter_rules() if not access_of(app, rule.endpoint)]
    if unclassified:
        raise UnclassifiedRoute("these routes do not say who may enter: " + ", ".join(sorted(set(unclassified))))


def access_of(app: Flask, endpoint: str) -> tuple[str, ...]:
    """What ``endpoint`` asks for: permissions, ``signed-in``, or ``public``; empty if it says nothing."""
    if endpoint == "static":
        return ("public",)
    return getattr(app.view_functions[endpoint], "access", ())
