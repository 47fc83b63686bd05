"""Which officer stands behind a sign-in, and which officers could be given one (for the accounts room below)."""

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from webapp.accounts.neighbors import Invitee
from webapp.assessments.queries import panel_seats
from webapp.audit import Actor, append
from webapp.coaching.models import MentorPairing
from webapp.courses.models import Cohort, Enrollment
from webapp.database import db
from webapp.errors import BadInput, RuleBroken
from webapp.language import language
from webapp.officers.models import Officer

IN_A_COHORT = ("applied", "admitted", "reserve", "enrolled", "completed")


class OfficersSide:
    """See ``webapp.accounts.neighbors.Officers``."""

    def officer_of(self, account_id: int) -> int | None:
        return db.session.scalar(select(Officer.id).where(Officer.account_id == account_id))

    def named(self, session: Session, account_id: int) -> tuple[str, str] | None:
        officer = session.scalar(select(Officer).where(Officer.account_id == account_id))
        return (officer.officer_no, officer.name_th) if officer else None

    def link(self, session: Session, actor: Actor, account_id: int, officer_no: str) -> None:
        present = session.scalar(select(Officer).where(Officer.account_id == account_id))
        if present is not None and present.officer_no == officer_no:
            return
        wanted = None
        if officer_no:
            wanted = session.scalar(select(Officer).where(Officer.officer_no == officer_no))
            if wanted is None:
                raise BadInput("ไม่มีข้าราชการเลขประจำตัว %(officer_no)s", officer_no=officer_no)
            if wanted.account_id is not None:
                raise RuleBroken("ข้าราชการเลขประจำตัว %(officer_no)s มีบัญชีผู้ใช้อยู่แล้ว", officer_no=officer_no)
        if present is not None:
            present.account_id = None
            session.flush()
            self._note(session, actor, present, account_id, None)
        if wanted is not None:
            self._refuse_judge_and_judged(session, account_id, wanted)
            wanted.account_id = account_id
            session.flush()
            self._note(session, actor, wanted, None, account_id)

    @staticmethod
    def _refuse_judge_and_judged(session: Session, account_id: int, officer: Officer) -> None:
        """Whoever assesses a cohort cannot turn out to be in it."""
        cohorts = session.scalars(select(Enrollment.cohort_id).where(Enrollment.officer_id == officer.id)).all()
        if panel_seats(session, [account_id], cohorts):
            raise RuleBroken(
                "บัญชีนี้เป็นกรรมการให้คะแนนของรุ่นที่ %(name)s อยู่ จึงเชื่อมกันไม่ได้ ให้บันทึกการถอนตัวจากคณะกรรมการก่อน",
                name=officer.name_th,
            )

    @staticmethod
    def _note(session: Session, actor: Actor, officer: Officer, before: int | None, after: int | None) -> None:
        append(
            session, actor, "officers:account:link", "officer", officer.officer_no,
            before={"account": before}, after={"account": after},
        )  # fmt: skip

    def link_many(self, session: Session, accounts: dict[int, int]) -> None:
        session.execute(
            update(Officer), [{"id": officer, "account_id": account} for officer, account in accounts.items()]
        )

    def cohorts(self, session: Session) -> Sequence[tuple[str, str]]:
        rows = session.scalars(select(Cohort).order_by(Cohort.starts_on.desc(), Cohort.code))
        english = language() == "en"
        return [(row.code, (row.name_en if english else "") or row.name_th) for row in rows]

    def without_account(self, session: Session, role: str, cohort: str, words: str) -> tuple[list[Invitee], int]:
        conditions = [Officer.account_id.is_(None), Officer.left_on.is_(None), *_asked_for(role, cohort, words)]
        has_email = func.coalesce(Officer.email, "") != ""
        rows = session.execute(
            select(
                Officer.id, Officer.officer_no, Officer.title, Officer.given_name, Officer.family_name, Officer.email
            )
            .where(*conditions, has_email)
            .order_by(Officer.sort_key, Officer.id)
        )
        found = [
            Invitee(row.id, row.officer_no, f"{row.title}{row.given_name} {row.family_name}".strip(), row.email)
            for row in rows
        ]
        without = session.scalar(select(func.count(Officer.id)).where(*conditions, ~has_email)) or 0
        return found, without


def _asked_for(role: str, cohort: str, words: str) -> Iterator[ColumnElement[bool]]:
    """Trainees of the cohort or their mentors, found by words."""
    if role == "mentor":
        mentors = select(MentorPairing.mentor_id).where(MentorPairing.ended_at.is_(None))
        if cohort:
            mentors = mentors.join(Enrollment, Enrollment.id == MentorPairing.enrollment_id)
            mentors = mentors.join(Cohort, Cohort.id == Enrollment.cohort_id).where(Cohort.code == cohort)
        yield Officer.id.in_(mentors)
    elif cohort:
        trainees = select(Enrollment.officer_id).join(Cohort, Cohort.id == Enrollment.cohort_id)
        yield Officer.id.in_(trainees.where(Cohort.code == cohort, Enrollment.status.in_(IN_A_COHORT)))
    for word in words.split():
        yield (
            Officer.given_name.icontains(word, autoescape=True)
            | Officer.family_name.icontains(word, autoescape=True)
            | (Officer.officer_no == word)
        )
