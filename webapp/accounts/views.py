"""Pages of the room: signing in and out, one's own account, forgotten passwords and one-time links."""

import time
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from webapp.accounts import entering, links, operations, queries, security, sign_ins
from webapp.accounts.access import current_actor, public, requires
from webapp.accounts.forms import ChangePasswordForm, ForgottenForm, NewPasswordForm, SignInForm
from webapp.accounts.neighbors import officers
from webapp.accounts.throttle import TooManyTries
from webapp.database import db
from webapp.errors import NotFound
from webapp.language import COOKIE, LANGUAGES

blueprint = Blueprint("accounts", __name__, template_folder="templates")

SAME_TIME_S = 0.4
"""A forgotten-password request takes this long at least, whether or not a mail goes out."""

LANGUAGE_KEPT_S = 365 * 24 * 3600


def own_path(target: str | None, otherwise: str = "") -> str:
    """``target`` if it is a path of this site, else ``otherwise`` (the home page): no form leads to somebody else's."""
    home = otherwise or url_for("home.index")
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or not target.isprintable():
        return home
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or "\\" in target or parts.path in (url_for("accounts.sign_in"), "/sign-out"):
        return home
    return target


@blueprint.errorhandler(TooManyTries)
def too_many_tries(error: TooManyTries) -> Any:
    """Say how long to wait, and tell programs in ``Retry-After``."""
    db.session.rollback()
    wait = _("%(count)s วินาที", count=error.retry_after)
    if error.retry_after > 90:
        wait = _("%(count)s นาที", count=-(-error.retry_after // 60))
    page = make_response(render_template("errors/429.html", status=429, message="", number="", wait=wait), 429)
    page.headers["Retry-After"] = str(error.retry_after)
    return page


# Signing in and out --------------------------------------------------------------------------------------------------


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Any:
    """The way in."""
    onward = own_path(request.values.get("next"))
    form = SignInForm()
    if request.method == "GET":
        if current_user.is_authenticated:
            return redirect(onward, 303)
        return render_template("accounts/sign_in.html", form=form, onward=onward)
    if form.validate():
        entered = entering.sign_in(
            db.session, form.email.data, form.password.data, address=entering.network(request.remote_addr),
            agent=request.user_agent.string, known=security.known_browsers(current_app), present=security.present_secret(),
        )  # fmt: skip
        if entered is not None:
            security.enter(entered.secret)
            answer = redirect(onward, 303)
            security.remember_browser(current_app, answer, entered.account_id, entered.browser)
            return answer
        form.form_errors.append(_("อีเมลหรือรหัสผ่านไม่ถูกต้อง หรือบัญชีนี้ยังใช้ไม่ได้"))
    form.password.data = ""
    return make_response(render_template("accounts/sign_in.html", form=form, onward=onward), 422)


@blueprint.post("/sign-out")
@public
def sign_out() -> Any:
    """End this browser's sign-in; a copy of its cookie is dead too."""
    if current_user.is_authenticated:
        operations.end_sign_ins(db.session, current_actor(), current_user.id, only=security.present_id())
        db.session.commit()
    security.leave()
    flash(_("ออกจากระบบแล้ว"), "success")
    return redirect(url_for("accounts.sign_in"), 303)


@blueprint.post("/language/<code>")
@public
def language(code: str) -> Any:
    """Thai or English from now on, in this browser and for this account's mail."""
    if code not in LANGUAGES:
        raise NotFound()
    if current_user.is_authenticated and current_user.language != code:
        queries.account_by_id(db.session, current_user.id).language = code
        db.session.commit()
    answer = redirect(own_path(request.form.get("next")), 303)
    answer.set_cookie(
        COOKIE, code, max_age=LANGUAGE_KEPT_S, httponly=True, samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )  # fmt: skip
    return answer


# One's own account ---------------------------------------------------------------------------------------------------


@blueprint.get("/account")
@requires("accounts:own:change")
def own() -> Any:
    """My account: who I am here, where I am signed in."""
    return render_template(
        "accounts/own.html",
        account=current_user,
        officer=officers().named(db.session, current_user.id),
        sign_ins=queries.own_sign_ins(db.session, current_user.id),
        here=security.present_id(),
        limits=sign_ins,
    )


@blueprint.post("/account/sign-ins/<int:sign_in_id>/end")
@requires("accounts:own:change")
def end_sign_in(sign_in_id: int) -> Any:
    """End one of my sign-ins, somewhere else."""
    if not operations.end_sign_ins(db.session, current_actor(), current_user.id, only=sign_in_id):
        raise NotFound()
    db.session.commit()
    flash(_("ออกจากระบบบนอุปกรณ์นั้นแล้ว"), "success")
    return redirect(url_for("accounts.own"), 303)


@blueprint.post("/account/sign-ins/end-others")
@requires("accounts:own:change")
def end_other_sign_ins() -> Any:
    """End all my sign-ins but this one."""
    ended = operations.end_sign_ins(db.session, current_actor(), current_user.id, but=security.present_secret())
    db.session.commit()
    flash(_("ออกจากระบบบนอุปกรณ์อื่นแล้ว %(count)s เครื่อง", count=ended), "success")
    return redirect(url_for("accounts.own"), 303)


@blueprint.route("/account/password", methods=["GET", "POST"])
@requires("accounts:own:change")
def change_password() -> Any:
    """Another password; every other sign-in of mine ends."""
    form = ChangePasswordForm(about=(current_user.name, current_user.email))
    status = 200
    if form.validate_on_submit():
        account_id = current_user.id
        hashed = entering.another_password(db.session, current_user, form.present.data, form.password.data)
        if hashed is not None:
            account = queries.account_by_id(db.session, account_id)
            operations.set_password(db.session, current_actor(), account, hashed)
            secret = sign_ins.begin(
                db.session, account_id, address=entering.network(request.remote_addr), agent=request.user_agent.string
            )
            db.session.commit()
            security.enter(secret)
            flash(_("เปลี่ยนรหัสผ่านแล้ว และออกจากระบบบนอุปกรณ์อื่นทั้งหมดแล้ว"), "success")
            return redirect(url_for("accounts.own"), 303)
        form.present.errors = [_("รหัสผ่านปัจจุบันไม่ถูกต้อง")]
    if request.method == "POST":
        status = 422
    return make_response(render_template("accounts/password.html", form=form), status)


# Forgotten passwords and one-time links ------------------------------------------------------------------------------


@blueprint.route("/forgotten-password", methods=["GET", "POST"])
@public
def forgotten() -> Any:
    """Ask for a link; the answer is the same whether or not anybody has this address, and takes as long."""
    started = time.monotonic()
    form = ForgottenForm()
    if not form.validate_on_submit():
        status = 422 if request.method == "POST" else 200
        return make_response(render_template("accounts/forgotten.html", form=form), status)
    if entering.may_ask_for_link(db.session, form.email.data, entering.network(request.remote_addr)):
        operations.forgot_password(db.session, form.email.data)
    db.session.commit()
    time.sleep(max(0.0, started + SAME_TIME_S - time.monotonic()))
    return redirect(url_for("accounts.link_sent"), 303)


@blueprint.get("/forgotten-password/sent")
@public
def link_sent() -> Any:
    """What happens next."""
    return render_template("accounts/link_sent.html")


@blueprint.route("/link/<secret>", methods=["GET", "POST"])
@public
def one_time(secret: str) -> Any:
    """Choose a password by a one-time link. Looking at it uses nothing up; sending the form does."""
    found = links.find(db.session, secret[:200])
    if found is None:
        return make_response(render_template("accounts/link_gone.html"), 404)
    link, account = found
    form = NewPasswordForm(about=(account.name, account.email))
    if form.validate_on_submit():
        db.session.rollback()
        hashed = security.hash_password(form.password.data)
        operations.use_link(db.session, secret, hashed)
        db.session.commit()
        security.leave()
        flash(_("ตั้งรหัสผ่านแล้ว เข้าสู่ระบบได้เลย"), "success")
        return redirect(url_for("accounts.sign_in"), 303)
    status = 422 if request.method == "POST" else 200
    return make_response(render_template("accounts/one_time.html", form=form, link=link, account=account), status)


from webapp.accounts import admin_views  # noqa: E402, F401  (its pages are on this blueprint)
