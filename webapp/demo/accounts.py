"""The demonstration's sign-ins: one or two people per role, all with one password that only the demonstration uses."""

import secrets
from dataclasses import dataclass

from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import Account
from webapp.accounts.operations import create_account
from webapp.accounts.queries import actor_for
from webapp.accounts.security import hash_password
from webapp.audit import SYSTEM, Actor
from webapp.officers.models import Officer

PASSWORD = "ก้าวหน้า-สาธิต-2569"

PEOPLE = (
    ("institute", "staff@kaona.example", "นางพรทิพย์ อัศวเดช"),
    ("institute", "staff2@kaona.example", "นายสมเกียรติ บุญยืน"),
    ("commission", "commission@kaona.example", "นางสาวศิริพร วงศ์สว่าง"),
    ("commission", "commission2@kaona.example", "นายวิเชียร มหาสุข"),
    ("assessor", "assessor@kaona.example", "ดร.อรุณี พิพัฒน์กุล"),
    ("assessor", "assessor2@kaona.example", "นายไพโรจน์ ธรรมรักษา"),
    ("assessor", "marker@kaona.example", "ผศ.สุนทรี วงศ์วานิช"),
    ("executive", "executive@kaona.example", "นายเกรียงไกร รัตนโกสินทร์"),
    ("auditor", "auditor@kaona.example", "นางมณีรัตน์ ดำรงค์ศักดิ์"),
    ("administrator", "admin@kaona.example", "นายยุทธนา ตั้งใจ"),
)
ROLE_WORDS = {
    "officer": "ผู้เข้ารับการอบรม / trainee", "candidate": "ผู้สมัคร / applicant", "mentor": "ผู้สอนงาน / mentor", "institute": "เจ้าหน้าที่สถาบัน / institute staff",
    "commission": "สำนักงาน ก.ก. / commission", "assessor": "ผู้ประเมิน / assessor", "executive": "ผู้บริหาร / executive",
    "auditor": "ผู้ตรวจสอบ / auditor", "administrator": "ผู้ดูแลระบบ / administrator",
}  # fmt: skip


@dataclass
class Desks:
    """Who acts in the demonstration, as operations take them."""

    actors: dict[str, Actor]
    accounts: dict[str, Account]
    hashed: str = ""

    @property
    def staff(self) -> Actor:
        return self.actors["staff@kaona.example"]

    @property
    def second(self) -> Actor:
        return self.actors["staff2@kaona.example"]


def make(session: Session, trainee: Officer, mentor: Officer) -> Desks:
    """Make every sign-in; the trainee and the mentor are officers of the register."""
    wanted = [(*person, "") for person in PEOPLE]
    wanted.append(("officer", "trainee@kaona.example", trainee.name_th, trainee.officer_no))
    wanted.append(("mentor", "mentor@kaona.example", mentor.name_th, mentor.officer_no))
    desks = Desks({}, {})
    for role, email, name, officer_no in wanted:
        roles = ("officer", "mentor") if role == "mentor" else (role,)
        account = _account(session, desks, email, name, roles)
        if officer_no:
            (trainee if role == "officer" else mentor).account_id = account.id
    session.flush()
    desks.actors = {email: actor_for(account) for email, account in desks.accounts.items()}
    return desks


def add(session: Session, desks: Desks, email: str, officer: Officer) -> None:
    """One more officer with a sign-in."""
    officer.account_id = _account(session, desks, email, officer.name_th, ("officer",)).id
    session.flush()
    desks.actors[email] = actor_for(desks.accounts[email])


def _account(session: Session, desks: Desks, email: str, name: str, roles: tuple[str, ...]) -> Account:
    desks.hashed = desks.hashed or hash_password(PASSWORD)
    account = create_account(session, SYSTEM, email=email, name=name, roles=roles)
    account.password, account.password_set_at = desks.hashed, clock.now()
    account.fs_uniquifier = secrets.token_hex(16)
    desks.accounts[email] = account
    session.flush()
    return account


def lines() -> list[str]:
    """What ``kaona run`` prints of them."""
    order = [
        ("officer", "trainee@kaona.example"),
        ("candidate", "candidate@kaona.example"),
        ("mentor", "mentor@kaona.example"),
    ]
    order += [(role, email) for role, email, _name in PEOPLE]
    return [
        "บัญชีสาธิต (ข้อมูลสมมติ) / demo sign-ins (invented data):",
        *(f"{email:28} {ROLE_WORDS[role]}" for role, email in order),
        f"รหัสผ่านเดียวกันทุกบัญชี / one password for all: {PASSWORD}",
    ]
