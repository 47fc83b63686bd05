"""create_app: the house put together — extensions, rooms, error pages, and the check that every route says who may enter."""

import contextlib
import importlib
import importlib.util
import logging
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

from flask import Flask, Response, current_app, request, url_for
from flask_alembic import Alembic
from flask_login import current_user
from flask_wtf import CSRFProtect
from whitenoise import WhiteNoise

from config import Config
from webapp import assets, clock, database, health
from webapp.accounts.access import check_every_route, current_roles, may_any
from webapp.accounts.security import init_accounts
from webapp.database import Base, db, engine_options, reading_only
from webapp.door import init_door
from webapp.error_pages import init_error_pages
from webapp.fields import init_forms
from webapp.language import LANGUAGES, init_language, language

HERE = Path(__file__).parent
MIGRATIONS = HERE.parent / "migrations"

ROOMS_WITH_TABLES = (
    "accounts", "jobs", "notices", "files", "careers", "careers.profiles", "officers", "courses", "plans", "coaching", "projects",
    "assessments", "assessments.bank", "assessments.exams",
    "assessments.exams.marking", "assessments.exams.figures", "assessments.center", "admissions", "shortlist", "workforce", "imports",
    "readiness",
)  # fmt: skip
ROOMS_WITH_PAGES = (
    "accounts", "home", "careers", "officers", "courses", "plans", "coaching", "projects", "assessments", "records",
    "admissions", "shortlist", "readiness", "workforce", "imports", "exports", "jobs", "notices", "files", "trail",
)  # fmt: skip

READING = ("GET", "HEAD", "OPTIONS")

alembic = Alembic(metadatas=Base.metadata, run_mkdir=False, command_name="")
csrf = CSRFProtect()


def create_app(config: Config, *, pages: bool = True) -> Flask:
    """The application for ``config``. Raises ``UnclassifiedRoute`` when a route does not say who may enter.

    Commands ask for it without ``pages``: they use the same operations and need none of the screens.
    """
    app = Flask("webapp", root_path=str(HERE), static_folder="static", template_folder="templates")
    _settings(app, config)
    for room in ROOMS_WITH_TABLES:
        importlib.import_module(f"webapp.{room}.models")
    db.init_app(app)
    # The extension's second teardown closes asynchronous sessions. There are none, and it would start an event loop
    # for every request (and cannot run at all in a thread that has one).
    app.teardown_appcontext_funcs = [done for done in app.teardown_appcontext_funcs if not iscoroutinefunction(done)]
    with app.app_context():
        database.prepare(db.engine)
    alembic.init_app(app)
    csrf.init_app(app)
    init_language(app)
    init_forms()
    init_accounts(app)
    init_error_pages(app)
    _neighbors(app)
    if pages:
        init_door(app)
        _rooms(app)
        _requests(app)
        _templates(app)
        check_every_route(app)
        _serving(app, config)
    return app


def _settings(app: Flask, config: Config) -> None:
    app.config.update(
        KAONA=config,
        TESTING=config.testing,
        SECRET_KEY=config.secret_key,
        AUDIT_KEY=config.audit_key,
        SIGNING_KEY=config.signing_key,
        DATA_DIR=config.data_dir,
        SQLALCHEMY_ENGINES={"default": {"url": config.database_url, **engine_options(config.database_url)}},
        ALEMBIC={"script_location": str(MIGRATIONS)},
        ALEMBIC_CONTEXT={
            "render_as_batch": True,
            "compare_type": True,
            "compare_server_default": False,
            "transactional_ddl": True,
        },
        SESSION_COOKIE_NAME="__Host-kaona" if config.production else "kaona",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.production,
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=64 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        MAX_FORM_PARTS=10_000,
        BABEL_DEFAULT_LOCALE="th",
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    config.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    if config.production:
        keep_to_oneself(config.data_dir)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # also for commands: what they say is their own
    if config.production and app.debug:
        raise RuntimeError("debug mode is refused in production")


def keep_to_oneself(folder: Path) -> None:
    """Close a data folder that was there before, with rights for others: it holds everybody's personal data.

    Where that is not ours to do, ``kaona doctor`` says so.
    """
    if folder.stat().st_mode & 0o077:
        with contextlib.suppress(OSError):
            folder.chmod(0o700)
            logging.getLogger("kaona").warning("the data folder was open to others; it is now closed to them")


def _neighbors(app: Flask) -> None:
    """What rooms need of rooms above them (their ``neighbors.py``)."""
    from webapp.assessments.queries import sits_on_panel, takes_part
    from webapp.coaching.queries import mentors_of_officer, officers_mentored_by
    from webapp.home import neighbors
    from webapp.home.sign_ins import OfficersSide
    from webapp.notices.operations import notify
    from webapp.notices.outbox import write_mail

    officers = OfficersSide()
    app.extensions["kaona.officers"] = officers
    app.extensions["kaona.officer_of"] = officers.officer_of
    app.extensions["kaona.mail"] = write_mail
    app.extensions["kaona.tell"] = notify
    app.extensions["kaona.gates"] = neighbors.gates
    app.extensions["kaona.vacancies"] = neighbors.vacancies
    app.extensions["kaona.published"] = neighbors.cohorts_published
    app.extensions["kaona.places"] = neighbors.published_places
    app.extensions["kaona.theirs"] = officers_mentored_by
    app.extensions["kaona.mentors_of"] = mentors_of_officer
    app.extensions["kaona.takes_part"] = takes_part
    app.extensions["kaona.sits_on_panel"] = sits_on_panel


def _rooms(app: Flask) -> None:
    for room in ROOMS_WITH_PAGES:
        app.register_blueprint(importlib.import_module(f"webapp.{room}.views").blueprint)
    for view in app.view_functions.values():
        if getattr(view, "own_token", False):  # checked before the view, see assessments/exams/candidate/turns.py
            csrf.exempt(view)
    app.register_blueprint(health.blueprint)
    if not app.config["KAONA"].production and importlib.util.find_spec("webapp.styleguide"):
        app.register_blueprint(importlib.import_module("webapp.styleguide").blueprint)


def _requests(app: Flask) -> None:
    @app.before_request
    def _only_reading() -> None:
        reading_only.set(request.method in READING)

    @app.teardown_request
    def _no_longer_reading(_error: BaseException | None) -> None:
        reading_only.set(False)

    @app.after_request
    def _headers(response: Response) -> Response:
        response.headers.setdefault(
            "Content-Security-Policy",
            "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
            "form-action 'self'; frame-ancestors 'none'",
        )
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if current_app.config["KAONA"].production:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def _templates(app: Flask) -> None:
    from webapp import thai
    from webapp.home.navigation import navigation

    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(asset=assets.asset, may=may_any, language=language, languages=LANGUAGES)
    app.jinja_env.filters.update(
        day=lambda value: thai.day(value, language()),
        day_long=lambda value: thai.day_long(value, language()),
        day_typed=lambda value: thai.day_typed(value, language()),
        moment=lambda value: thai.moment(value, language()),
        clock_time=lambda value: thai.clock_time(value, language()),
        number=lambda value, *places: thai.number(value, *places),
        named=_named,
    )
    app.jinja_env.globals["history_of"] = _history_of

    @app.context_processor
    def _page() -> dict[str, Any]:
        return {
            "navigation": navigation,
            "today": clock.today(),
            "demo": (app.config["DATA_DIR"] / "demo").exists(),
            "current_roles": current_roles(),
            "is_active": _is_active,
            "signed_in": current_user.is_authenticated,
        }


def _named(thing: Any) -> str:
    """The thing's name in the reader's language; the Thai one where there is no English."""
    if thing is None:
        return ""
    if isinstance(thing, dict):
        thai_name, english_name = thing.get("name_th", ""), thing.get("name_en", "")
    else:
        thai_name, english_name = thing.name_th, thing.name_en
    return (english_name or thai_name) if language() == "en" else thai_name


def _history_of(thing: str, key: object) -> str:
    """The address of what the audit log says about a thing; empty for whoever may not read it."""
    return url_for("trail.entries", thing=thing, key=key) if may_any("trail:entry:list") else ""


def _is_active(address: str) -> bool:
    path = urlparse(address).path
    return request.path == path or (path != url_for("home.index") and request.path.startswith(path.rstrip("/") + "/"))


def _serving(app: Flask, config: Config) -> None:
    if config.proxy_hops:
        from werkzeug.middleware.proxy_fix import ProxyFix

        hops = config.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    if not config.testing:
        vendor = HERE / "static"
        app.wsgi_app = WhiteNoise(  # type: ignore[method-assign,assignment]
            app.wsgi_app, root=str(vendor), prefix="static/", max_age=3600, immutable_file_test=assets.HASHED.pattern
        )
