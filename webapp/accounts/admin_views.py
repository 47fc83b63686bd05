"""Pages of the room for the administrator (and to read, the auditor): everybody's accounts."""

import csv
import io
from typing import Any

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.accounts import invitations as invitations_made
from webapp.accounts import links, operations, queries, sign_ins
from webapp.accounts.access import current_actor, may_any, requires
from webapp.accounts.forms import ROLE_WORDS, AccountForm, InvitationsForm, NewAccountForm, ReasonForm
from webapp.accounts.models import Account, OneTimeLink
from webapp.accounts.neighbors import officers
from webapp.accounts.views import blueprint
from webapp.database import db
from webapp.errors import Refused
from webapp.tables import Column, Filter, read_table

COLUMNS = (
    Column("name", _l("ชื่อ"), sortable=True, always=True),
    Column("email", _l("อีเมล"), sortable=True),
    Column("roles", _l("บทบาท")),
    Column("state", _l("สถานะ")),
    Column("seen", _l("ใช้งานล่าสุด")),
    Column("created", _l("สร้างเมื่อ"), sortable=True, shown=False),
)
STATES = (("open", _l("ใช้งานได้")), ("waiting", _l("ยังไม่ตั้งรหัสผ่าน")), ("closed", _l("ปิดแล้ว")))
FILTERS = (Filter("role", _l("บทบาท"), tuple(ROLE_WORDS.items())), Filter("state", _l("สถานะ"), STATES))


@blueprint.get("/accounts")
@requires("accounts:account:list")
def accounts() -> Any:
    """All accounts."""
    table = read_table(COLUMNS, request.args, path=request.path, sort="name", filters=FILTERS)
    rows, total = queries.accounts_page(
        db.session, words=table.words, role=table.chosen["role"], state=table.chosen["state"], sort=table.sort,
        descending=table.descending, limit=table.limit, offset=table.offset,
    )  # fmt: skip
    return render_template("accounts/list.html", table=table.counted(total), rows=rows, role_words=ROLE_WORDS)


@blueprint.route("/accounts/new", methods=["GET", "POST"])
@requires("accounts:account:change")
def new() -> Any:
    """Make an account and its invitation."""
    form = NewAccountForm()
    if form.validate_on_submit():
        try:
            account = operations.create_account(
                db.session, current_actor(), email=form.email.data, name=form.name.data, roles=form.roles.data,
                officer_no=(form.officer_no.data or "").strip(),
            )  # fmt: skip
            link = operations.invite(db.session, current_actor(), account, by_mail=form.by_mail.data)
        except Refused as refused:
            return _again("accounts/new.html", form, refused)
        db.session.commit()
        if not form.by_mail.data:
            return _show_once(account, link)
        flash(_("สร้างบัญชีและส่งคำเชิญแล้ว"), "success")
        return redirect(url_for("accounts.account", account_id=account.id), 303)
    status = 422 if request.method == "POST" else 200
    return make_response(render_template("accounts/new.html", form=form), status)


def _again(template: str, form: Any, refused: Refused, **values: Any) -> Any:
    """The form once more, with what was typed and why it was refused."""
    db.session.rollback()
    form.form_errors.append(_(refused.message, **refused.values))
    return make_response(render_template(template, form=form, **values), refused.status)


def _show_once(account: Account, link: OneTimeLink) -> Any:
    """The link itself, on the one page that ever shows it."""
    return render_template("accounts/link_once.html", account=account, link=link, address=links.address_of(link))


@blueprint.get("/accounts/<int:account_id>")
@requires("accounts:account:list")
def account(account_id: int) -> Any:
    """One account."""
    found = queries.account_by_id(db.session, account_id)
    return render_template(
        "accounts/account.html",
        row=queries.row_of(db.session, found),
        account=found,
        officer=officers().named(db.session, account_id),
        sign_ins=sign_ins.of_account(db.session, account_id),
        role_words=ROLE_WORDS,
        form=ReasonForm(formdata=None),
        may_change=may_any("accounts:account:change"),
    )


@blueprint.route("/accounts/<int:account_id>/edit", methods=["GET", "POST"])
@requires("accounts:account:change")
def edit(account_id: int) -> Any:
    """Change who an account is for, and its roles."""
    found = queries.account_by_id(db.session, account_id)
    officer = officers().named(db.session, account_id)
    form = AccountForm(
        name=found.name,
        email=found.email,
        roles=[role.name for role in found.roles],
        officer_no=officer[0] if officer else "",
    )
    if form.validate_on_submit():
        try:
            operations.change_account(
                db.session, current_actor(), found, email=form.email.data, name=form.name.data, roles=form.roles.data,
                officer_no=(form.officer_no.data or "").strip(),
            )  # fmt: skip
        except Refused as refused:
            return _again("accounts/edit.html", form, refused, account=queries.account_by_id(db.session, account_id))
        db.session.commit()
        flash(_("บันทึกบัญชีแล้ว"), "success")
        return redirect(url_for("accounts.account", account_id=account_id), 303)
    status = 422 if request.method == "POST" else 200
    return make_response(render_template("accounts/edit.html", form=form, account=found), status)


@blueprint.post("/accounts/<int:account_id>/invite")
@requires("accounts:account:change")
def invite(account_id: int) -> Any:
    """Another one-time link: by mail, or to hand over."""
    found = queries.account_by_id(db.session, account_id)
    by_mail = request.form.get("how") == "mail"
    link = operations.invite(db.session, current_actor(), found, by_mail=by_mail)
    db.session.commit()
    if not by_mail:
        return _show_once(found, link)
    flash(_("ส่งลิงก์ทางอีเมลแล้ว"), "success")
    return redirect(url_for("accounts.account", account_id=account_id), 303)


@blueprint.post("/accounts/<int:account_id>/<any(disable, enable):what>")
@requires("accounts:account:change")
def open_or_close(account_id: int, what: str) -> Any:
    """Close an account with all its sign-ins, or open it again; either with a reason."""
    found = queries.account_by_id(db.session, account_id)
    change = operations.disable if what == "disable" else operations.enable
    change(db.session, current_actor(), found, reason=request.form.get("reason", "")[:2000])
    db.session.commit()
    flash(_("ปิดบัญชีแล้ว") if what == "disable" else _("เปิดบัญชีแล้ว"), "success")
    return redirect(url_for("accounts.account", account_id=account_id), 303)


@blueprint.post("/accounts/<int:account_id>/end-sign-ins")
@requires("accounts:account:change")
def end_sign_ins(account_id: int) -> Any:
    """End every sign-in of the account."""
    queries.account_by_id(db.session, account_id)
    ended = operations.end_sign_ins(db.session, current_actor(), account_id)
    db.session.commit()
    flash(_("ออกจากระบบบนอุปกรณ์อื่นแล้ว %(count)s เครื่อง", count=ended), "success")
    return redirect(url_for("accounts.account", account_id=account_id), 303)


# Invitations for a whole roster --------------------------------------------------------------------------------------


@blueprint.route("/accounts/invitations", methods=["GET", "POST"])
@requires("accounts:account:change")
def invitations() -> Any:
    """Invite everybody of a cohort, or found by words, who has an e-mail and no account."""
    form = InvitationsForm(formdata=request.form if request.method == "POST" else request.args)
    form.cohort.choices = [("", _("ข้าราชการทุกคน")), *officers().cohorts(db.session)]
    role, cohort, words = form.role.data or "officer", form.cohort.data or "", (form.words.data or "").strip()
    if request.method == "GET" or not form.validate():
        people, without = officers().without_account(db.session, role, cohort, words)
        return render_template("accounts/invitations.html", form=form, people=people, without=without)
    how = request.form.get("how", "mail")
    sent = invitations_made.invite_many(
        db.session, current_actor(), role=role, cohort=cohort, words=words, by_mail=how == "mail"
    )
    sheet = [] if how == "mail" else [(made.person, links.address_of(made.link), made.link.expires_at) for made in sent]
    db.session.commit()
    if how == "csv":
        return _as_csv(sheet)
    if how == "sheet":
        return render_template("accounts/sheet.html", sheet=sheet)
    flash(_("ส่งคำเชิญแล้ว %(count)s คน", count=len(sent)), "success")
    return redirect(url_for("accounts.accounts", state="waiting"), 303)


def _as_csv(sheet: list[Any]) -> Any:
    """The links as a file, for a mail merge; text that a spreadsheet would take for a formula is kept as text."""
    content = io.StringIO()
    writer = csv.writer(content)
    writer.writerow([_("เลขประจำตัว"), _("ชื่อ"), _("อีเมล"), _("ลิงก์ใช้ครั้งเดียว"), _("ใช้ได้ถึง")])
    for person, address, until in sheet:
        cells = [person.officer_no, person.name, person.email, address, until.isoformat()]
        writer.writerow(["'" + cell if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell for cell in cells])
    answer = current_app.response_class("\ufeff" + content.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="invitations.csv"'
    return answer
