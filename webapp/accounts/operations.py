"""Changes to accounts: made, invited, changed, closed, opened again, given another password. Each leaves an audit entry."""

import re
import secrets
from collections.abc import Collection
from typing import Any

from flask_babel import force_locale, gettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts import links, rules, sign_ins
from webapp.accounts.models import Account, OneTimeLink, Role
from webapp.accounts.neighbors import mail, officers, tell
from webapp.audit import SYSTEM, Actor, append
from webapp.errors import BadInput, Conflict, NotFound, RuleBroken

EMAIL = re.compile(r"[^@\s<>\"',;:\\\x00-\x1f\x7f]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?")


def cleaned_email(typed: str) -> str:
    """The address in its one form. Raises ``BadInput`` when it cannot be one."""
    email = typed.strip().lower()
    if len(email) > 254 or not EMAIL.fullmatch(email) or ".." in email:
        raise BadInput("%(email)s ไม่ใช่ที่อยู่อีเมล ตัวอย่างที่ถูกต้อง: somchai@bangkok.go.th", email=typed.strip()[:100] or "—")
    return email


def roles_named(session: Session, names: Collection[str]) -> list[Role]:
    """The roles with these names, which must go together. Raises ``BadInput`` or ``RuleBroken``."""
    unknown = sorted(set(names) - set(rules.ROLES))
    if unknown:
        raise BadInput("ไม่มีบทบาท %(role)s บทบาทที่มีคือ %(roles)s", role=", ".join(unknown), roles=", ".join(rules.ROLES))
    if not rules.roles_go_together(names):
        raise RuleBroken("ผู้ตรวจสอบภายในและผู้ดูแลระบบมีบทบาทอื่นร่วมด้วยไม่ได้")
    known = {role.name: role for role in session.scalars(select(Role).where(Role.name.in_(names)))}
    for name in sorted(set(names) - set(known)):
        known[name] = Role(name=name)
        session.add(known[name])
    return [known[name] for name in sorted(set(names))]


def create_account(
    session: Session, actor: Actor, *, email: str, name: str, roles: Collection[str], officer_no: str = "",
    language: str = "th",
) -> Account:  # fmt: skip
    """Make an account without a password; it is reached by an invitation."""
    email = cleaned_email(email)
    if not roles:
        raise BadInput("ต้องกำหนดบทบาทอย่างน้อยหนึ่งบทบาท")
    if session.scalar(select(Account.id).where(Account.email == email)) is not None:
        raise RuleBroken("มีบัญชีที่ใช้อีเมล %(email)s อยู่แล้ว", email=email)
    account = Account(
        email=email,
        name=" ".join(name.split())[:200] or email.partition("@")[0],
        password=None,
        active=True,
        fs_uniquifier=secrets.token_hex(16),
        language=language,
        created_at=clock.now(),
        roles=roles_named(session, roles),
    )
    session.add(account)
    session.flush()
    append(session, actor, "accounts:account:create", "account", account.id, after=facts_of(account))
    if officer_no:
        officers().link(session, actor, account.id, officer_no)
    return account


def facts_of(account: Account) -> dict[str, Any]:
    """What the audit log keeps of an account."""
    return {
        "email": account.email,
        "name": account.name,
        "roles": sorted(role.name for role in account.roles),
        "active": account.active,
    }


def invite(session: Session, actor: Actor, account: Account, *, by_mail: bool) -> OneTimeLink:
    """A new one-time link for the account: to choose the first password, or another one.

    ``by_mail`` puts a mail into the outbox; otherwise whoever invites hands the link over.
    """
    if not account.active:
        raise RuleBroken("บัญชีนี้ถูกปิดอยู่ ต้องเปิดใช้งานก่อนจึงจะออกลิงก์ได้")
    purpose = "invitation" if account.password is None else "password"
    link = links.issue(session, account.id, purpose)
    append(
        session, actor, "accounts:link:issue", "account", account.id,
        after={"purpose": purpose, "by_mail": by_mail, "expires_at": link.expires_at},
    )  # fmt: skip
    if by_mail:
        mail_link(session, account, link)
    return link


def mail_link(session: Session, account: Account, link: OneTimeLink) -> None:
    """Put the mail that carries the link into the outbox, in the account's language."""
    from webapp import thai

    with force_locale(account.language):
        until = thai.moment(link.expires_at, account.language)
        values = {"name": account.name, "link": links.placeholder(link), "until": until}
        if link.purpose == "invitation":
            subject = gettext("คำเชิญเข้าใช้ระบบก้าวหน้า")
            body = gettext(
                "เรียน %(name)s\n\nท่านได้รับเชิญให้เข้าใช้ระบบก้าวหน้าของกรุงเทพมหานคร "
                "โปรดเปิดลิงก์นี้เพื่อตั้งรหัสผ่านของท่าน (ใช้ได้ครั้งเดียว ภายใน %(until)s)\n\n%(link)s\n",
                **values,
            )
        else:
            subject = gettext("ตั้งรหัสผ่านใหม่ของระบบก้าวหน้า")
            body = gettext(
                "เรียน %(name)s\n\nมีผู้ขอตั้งรหัสผ่านใหม่สำหรับบัญชีของท่าน โปรดเปิดลิงก์นี้ "
                "(ใช้ได้ครั้งเดียว ภายใน %(until)s)\n\n%(link)s\n\nหากท่านไม่ได้ขอ ไม่ต้องทำอะไร รหัสผ่านเดิมยังใช้ได้\n",
                **values,
            )
    mail()(session, account.email, subject, body)


def forgot_password(session: Session, email: str) -> None:
    """Send a link to whoever has this address; nobody learns from the answer whether anybody has."""
    account = session.scalar(select(Account).where(Account.email == email.strip().lower(), Account.active))
    if account is not None:
        invite(session, SYSTEM, account, by_mail=True)


def set_password(session: Session, actor: Actor, account: Account, hashed: str, *, keep: str = "") -> None:
    """Give the account another password, already hashed; its other sign-ins and links end."""
    had_one = account.password is not None
    account.password = hashed
    account.password_set_at = clock.now()
    account.fs_uniquifier = secrets.token_hex(16)
    sign_ins.end_all(session, account.id, but=keep)
    links.withdraw_all(session, account.id)
    append(session, actor, "accounts:password:change", "account", account.id)
    if had_one:
        tell()(session, account.id, "accounts:password:changed")


def use_link(session: Session, secret: str, hashed: str) -> Account:
    """Set the password by a one-time link, which is used up. Raises ``NotFound`` when it does not work (any more)."""
    from webapp.accounts.queries import actor_for

    found = links.find(session, secret)
    if found is None or not links.use(session, found[0].id):
        raise NotFound()
    account = found[1]
    set_password(session, actor_for(account), account, hashed)
    return account


def change_account(
    session: Session, actor: Actor, account: Account, *, email: str, name: str, roles: Collection[str],
    officer_no: str | None = None,
) -> None:  # fmt: skip
    """Change who an account is for and what it may do."""
    before = facts_of(account)
    wanted = sorted(set(roles))
    email = cleaned_email(email)
    if not wanted:
        raise BadInput("ต้องกำหนดบทบาทอย่างน้อยหนึ่งบทบาท")
    if wanted != before["roles"]:
        if actor.account_id == account.id:
            raise RuleBroken("ไม่มีผู้ใดเปลี่ยนบทบาทของตนเองได้ โปรดให้ผู้ดูแลระบบคนอื่นทำ")
        if "administrator" in before["roles"] and "administrator" not in wanted:
            _keep_an_administrator(session, account)
    other = session.scalar(select(Account.id).where(Account.email == email, Account.id != account.id))
    if other is not None:
        raise RuleBroken("มีบัญชีที่ใช้อีเมล %(email)s อยู่แล้ว", email=email)
    if email != account.email:
        links.withdraw_all(session, account.id)
    account.email, account.name = email, " ".join(name.split())[:200] or account.name
    if wanted != before["roles"]:
        account.roles = roles_named(session, wanted)
    session.flush()
    after = facts_of(account)
    if after != before:
        append(session, actor, "accounts:account:change", "account", account.id, before=before, after=after)
    if after["roles"] != before["roles"]:
        tell()(session, account.id, "accounts:roles:changed")
    if officer_no is not None:
        officers().link(session, actor, account.id, officer_no)


def disable(session: Session, actor: Actor, account: Account, *, reason: str) -> None:
    """Close the account: all its sign-ins and links end at once."""
    if not reason.strip():
        raise BadInput("ต้องระบุเหตุผล")
    if not account.active:
        raise Conflict("บัญชีนี้ถูกปิดไปแล้ว")
    if actor.account_id == account.id:
        raise RuleBroken("ไม่มีผู้ใดปิดบัญชีของตนเองได้ โปรดให้ผู้ดูแลระบบคนอื่นทำ")
    _keep_an_administrator(session, account)
    account.active = False
    sign_ins.end_all(session, account.id)
    links.withdraw_all(session, account.id)
    append(
        session, actor, "accounts:account:disable", "account", account.id,
        before={"active": True}, after={"active": False}, reason=reason.strip(),
    )  # fmt: skip


def enable(session: Session, actor: Actor, account: Account, *, reason: str) -> None:
    """Open a closed account again."""
    if not reason.strip():
        raise BadInput("ต้องระบุเหตุผล")
    if account.active:
        raise Conflict("บัญชีนี้เปิดใช้งานอยู่แล้ว")
    account.active = True
    append(
        session, actor, "accounts:account:enable", "account", account.id,
        before={"active": False}, after={"active": True}, reason=reason.strip(),
    )  # fmt: skip


def end_sign_ins(session: Session, actor: Actor, account_id: int, *, only: int | None = None, but: str = "") -> int:
    """End sign-ins of an account: one, all, or all but the present one. How many ended."""
    ended = sign_ins.end_all(session, account_id, only=only, but=but)
    if ended:
        append(session, actor, "accounts:sign-in:end", "account", account_id, after={"ended": ended})
    return ended


def _keep_an_administrator(session: Session, leaving: Account) -> None:
    """Refuse to take away the last active administrator (rows are locked, so that two cannot remove each other)."""
    role = session.scalar(select(Role).where(Role.name == "administrator").with_for_update())
    if role is None or role not in leaving.roles:
        return
    others = session.scalar(
        select(func.count())
        .select_from(Account)
        .where(Account.active, Account.id != leaving.id, Account.roles.any(Role.name == "administrator"))
    )
    if not others:
        raise RuleBroken("บัญชีนี้เป็นผู้ดูแลระบบคนสุดท้าย ต้องมีผู้ดูแลระบบคนอื่นก่อน")
