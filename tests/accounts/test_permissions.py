"""The permissions against the access table: each is granted to no role that the table does not give the object to.

V view, L find in lists, C change, E export, as the table writes them; "own", "theirs" and "once published" are where
clauses in the queries and have their own tests.
"""

import pytest

from webapp.accounts.permissions import PERMISSIONS, ROLES

TABLE = """
account of one's own      | VC | VC | VC | VC | VC | VC | VC | VC
accounts and roles        | - | - | - | - | - | - | LV | LVC
officer                   | V | LV | - | LVCE | LVCE | LV | LV | -
national id               | V | - | - | V | V | - | - | -
evidence                  | VC | V | V | LV | LVC | - | LV | -
posts, published          | LV | LV | LV | LV | LVCE | LV | LV | -
posts, draft              | - | - | - | LV | LVC | - | LV | -
readiness for a post      | V | V | - | LVE | LVE | LV | LV | -
curriculum                | LV | LV | LV | LVE | LVCE | LV | LV | -
cohorts                   | LV | LV | LV | LVCE | LV | LV | LV | -
application               | VC | - | - | LVCE | LV | - | LV | -
attendance                | V | V | - | LVCE | LV | - | LV | -
coaching log              | VC | LVC | - | LVCE | - | - | LV | -
coaching hours            | - | - | - | LV | LV | - | LV | -
project                   | VC | VC | V | LVCE | - | V | LV | -
score before release      | - | - | VC | LVC | - | - | LV | -
score after release       | V | V | V | LVE | LVE | LV | LV | -
score history             | V | - | V | LVE | LVE | - | LV | -
competency ratings        | V | V | VC | LVCE | LVE | LV | LV | -
development record        | VE | V | - | LVE | LVE | LV | LV | -
ranking and draft         | - | - | - | LVCE | LV | - | LV | -
shortlist published       | V | - | - | LVE | LVE | LVE | LV | -
discretion                | - | - | - | LV | LV | LVC | LV | -
exception rules           | LV | LV | LV | LV | LVCE | LV | LV | -
objection                 | VC | - | - | LVC | LV | LV | LV | -
workforce                 | - | - | - | LV | LVCE | LVE | LV | -
imports                   | - | - | - | LVC | LVC | - | LV | -
assessment plan, panels   | V | V | V | LVC | LV | LV | LV | -
mentor pairing            | VC | VC | - | LVC | - | - | LV | -
notices                   | V | V | V | LVC | LVC | V | - | -
jobs                      | V | V | V | V | V | V | LV | LV
mail outbox               | - | - | - | - | - | - | - | LV
audit log                 | - | - | - | - | - | - | LVE | -
question bank, exam paper | - | - | - | LVC | - | - | LV | -
answer key                | - | - | - | LVC | - | - | - | -
exam attempt              | VC | - | VC | LV | - | - | LV | -
center set-up             | V | V | V | LVC | LV | LV | LV | -
standard setting          | - | - | VC | LVC | - | - | LV | -
development plan          | VC | VC | - | VC | VC | VC | V | -
talent pool               | V | - | - | - | LVC | LVC | LV | -
home                      | V | V | V | V | V | V | V | V
"""
# Institute: coaching log and project carry C for what the issue asks of staff: pairing, assigning, withdrawing with a
# reason. Development plans: whoever is the officer's mentor or head agrees, whichever role they hold beside it; the talent
# pool is the commission's and the executives' (both ours). Exception rules follow criteria: published by the commission, read by all. Mail outbox: ours.

OBJECTS = {
    "accounts:own": "account of one's own", "accounts:account": "accounts and roles", "careers:published": "posts, published",
    "careers:draft": "posts, draft", "careers:course": "curriculum", "officers:officer": "officer",
    "officers:fact": "officer", "officers:national-id": "national id", "officers:evidence": "evidence",
    "courses:cohort": "cohorts", "courses:enrollment": "application", "courses:application": "application",
    "courses:attendance": "attendance", "coaching:session": "coaching log", "coaching:hours": "coaching hours",
    "coaching:pairing": "mentor pairing", "projects:assignment": "project", "assessments:plan": "assessment plan, panels",
    "assessments:panel": "assessment plan, panels", "assessments:score": "score before release",
    "assessments:score:list-released": "score after release", "assessments:score:view": "score after release",
    "assessments:score:export": "score after release", "assessments:score:history": "score history", "assessments:rating": "competency ratings", "records:record": "development record",
    "shortlist:ranking": "ranking and draft", "shortlist:run": "ranking and draft", "shortlist:run:list": "shortlist published",
    "shortlist:run:export": "shortlist published", "shortlist:own-result": "shortlist published",
    "shortlist:discretion": "discretion", "shortlist:exception-rule": "exception rules", "shortlist:objection": "objection",
    "readiness:own": "readiness for a post", "readiness:post": "readiness for a post", "readiness:feasibility": "workforce",
    "workforce:forecast": "workforce", "imports": "imports", "exports:scorecards": "ranking and draft", "jobs:job": "jobs",
    "assessments:item": "question bank, exam paper", "assessments:exam": "question bank, exam paper",
    "assessments:key": "answer key", "assessments:attempt": "exam attempt", "assessments:essay": "exam attempt",
    "assessments:center": "center set-up", "assessments:center:assess": "competency ratings",
    "assessments:center:take": "exam attempt", "assessments:center-results": "score before release",
    "assessments:center-outcome": "score after release", "assessments:guide": "question bank, exam paper",
    "assessments:standard": "standard setting", "admissions": "application", "plans": "development plan",
    "workforce:plan": "workforce", "workforce:talent": "talent pool", "workforce:own-talent": "talent pool",
    "notices:own": "notices", "notices:outbox": "mail outbox", "trail:entry": "audit log", "home:own": "home",
}  # fmt: skip

LETTERS = {"view": "V", "own": "V", "list": "L", "list-released": "L", "history": "V", "export": "E", "make": "E"}
"""What an action asks for; every other action changes something: C."""


def rows() -> dict[str, dict[str, str]]:
    table = {}
    for line in TABLE.strip().splitlines():
        name, *letters = (cell.strip() for cell in line.split("|"))
        table[name] = dict(zip(ROLES, letters, strict=True))
    return table


def object_of(permission: str) -> str:
    room, thing, _ = permission.split(":")
    return OBJECTS.get(permission) or OBJECTS.get(f"{room}:{thing}") or OBJECTS[room]


@pytest.mark.parametrize("permission", PERMISSIONS)
def test_no_role_holds_more_than_the_table_gives(permission: str) -> None:
    letter = LETTERS.get(permission.rpartition(":")[2], "C")
    given = rows()[object_of(permission)]
    # A list of what is theirs or one's own is a way of viewing it: the rows are chosen by the query.
    allowed = {role for role, letters in given.items() if letter in letters or (letter == "L" and "V" in letters)}
    assert PERMISSIONS[permission] <= allowed
