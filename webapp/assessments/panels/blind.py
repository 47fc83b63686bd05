"""Blind marking (promise 14): until release a panel member knows those they mark by candidate number alone.

Written work is marked blind: examinations, project reports and proposal outlines. Whoever is met face to face cannot be,
so the plan says of such a component that it is marked face to face (docs/decisions/who-is-marked-blind.md).
"""

import hashlib
from dataclasses import replace

from sqlalchemy.orm import Session

from webapp.assessments.desk import Desk, Person
from webapp.assessments.models import PlanComponent
from webapp.assessments.queries import released_components
from webapp.errors import NotFound

BLIND_SOURCES = ("exam", "project", "proposal")
"""What is read, not met."""

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Letters and digits nobody mistakes for another."""


def is_blind(component: PlanComponent) -> bool:
    """Whether the members of a component's panel mark without knowing whom."""
    return component.source in BLIND_SOURCES and not component.face_to_face


def candidate_number(person: Person, component: str, purpose: str) -> str:
    """The number of one person in one component, such as ``7K2M-9QXT``.

    It says nothing of the order of names, and is another in each component, so that what is learned in one (an
    interview) does not tell who is who in the other.
    """
    number = int.from_bytes(hashlib.sha256(f"{person.blind_key}/{purpose}/{component}".encode()).digest()[:5], "big")
    found = "".join(LETTERS[number >> 5 * place & 31] for place in range(8))
    return f"{found[:4]}-{found[4:]}"


def as_member_sees(session: Session, desk: Desk) -> Desk:
    """The desk as a panel member may see it: in a blind component and before release, candidates in place of people."""
    if not is_blind(desk.component) or desk.code in released_components(session, desk.cohort.id, desk.purpose):
        return desk
    people = [_candidate(person, desk) for person in desk.people.values()]
    people.sort(key=lambda person: person.officer_no)
    return replace(desk, people={person.enrollment_id: person for person in people}, blind=True)


def person_at(desk: Desk, handle: str) -> Person:
    """The person whom an address or a form calls ``handle``. Raises ``NotFound``."""
    found = next((person for person in desk.people.values() if person.handle == handle), None)
    if found is None:
        raise NotFound()
    return found


def _candidate(person: Person, desk: Desk) -> Person:
    number = candidate_number(person, desk.code, desk.purpose)
    return person._replace(
        officer_no=number, name_th=f"ผู้เข้ารับการประเมิน {number}", name_en=f"Candidate {number}", handle=number
    )
