"""The one vocabulary of permissions, ``room:thing:action``, and which roles hold each.

Holding a permission opens the page; *whose* things are seen there (own, theirs) is a ``where`` clause in the queries.
Roles add up, but an auditor and an administrator hold no other role.
"""

VISITOR = "visitor"
ROLES = (
    "officer",
    "mentor",
    "assessor",
    "institute",
    "commission",
    "executive",
    "auditor",
    "administrator",
)
LONELY = frozenset({"auditor", "administrator"})
"""Roles that are never held together with another."""


def _roles(text: str) -> frozenset[str]:
    names = frozenset(text.split())
    assert names <= frozenset(ROLES), names - frozenset(ROLES)
    return names


ALL = " ".join(ROLES)
PEOPLE = "officer mentor assessor institute commission executive auditor"

PERMISSIONS: dict[str, frozenset[str]] = {
    # accounts
    "accounts:own:change": _roles(ALL),
    "accounts:account:list": _roles("auditor administrator"),
    "accounts:account:change": _roles("administrator"),
    # careers
    "careers:published:list": _roles(PEOPLE),
    "careers:draft:view": _roles("institute commission auditor"),
    "careers:draft:change": _roles("commission"),
    "careers:course:change": _roles("commission"),
    "careers:published:export": _roles("commission"),
    "careers:course:export": _roles("institute commission"),
    # officers
    "officers:officer:list": _roles("mentor institute commission executive auditor"),
    "officers:officer:view": _roles("officer mentor institute commission executive auditor"),
    "officers:officer:change": _roles("institute commission"),
    "officers:officer:export": _roles("institute commission"),
    "officers:fact:correct": _roles("institute commission"),
    "officers:national-id:view": _roles("officer institute commission"),
    "officers:evidence:verify": _roles("commission"),
    # courses
    "courses:cohort:list": _roles(PEOPLE),
    "courses:cohort:change": _roles("institute"),
    "courses:cohort:export": _roles("institute"),
    "courses:enrollment:list": _roles("institute commission auditor"),
    "courses:enrollment:change": _roles("institute"),
    "courses:attendance:view": _roles("officer mentor institute commission auditor"),
    "courses:attendance:list": _roles("institute commission auditor"),
    "courses:attendance:change": _roles("institute"),
    "courses:attendance:export": _roles("institute"),
    # plans: whose head or mentor somebody is decides what they see; being a head needs no role of its own
    "plans:plan:view": _roles("officer mentor institute commission executive auditor"),
    "plans:own:change": _roles("officer"),
    "plans:plan:agree": _roles("officer mentor institute commission executive"),
    # coaching
    "coaching:session:list": _roles("officer mentor institute auditor"),
    "coaching:session:record": _roles("mentor"),
    "coaching:session:acknowledge": _roles("officer"),
    "coaching:session:manage": _roles("institute"),
    "coaching:session:export": _roles("institute"),
    "coaching:hours:list": _roles("institute commission auditor"),
    "coaching:pairing:change": _roles("institute"),
    "coaching:pairing:list": _roles("institute auditor"),
    # projects
    "projects:assignment:view": _roles("officer mentor assessor institute executive auditor"),
    "projects:assignment:list": _roles("institute auditor"),
    "projects:assignment:work": _roles("officer"),
    "projects:assignment:comment": _roles("mentor"),
    "projects:assignment:manage": _roles("institute"),
    # assessments
    "assessments:plan:view": _roles("officer mentor assessor institute commission executive auditor"),
    "assessments:plan:change": _roles("institute"),
    "assessments:plan:approve": _roles("institute"),
    "assessments:panel:list": _roles("institute commission executive auditor"),
    "assessments:panel:change": _roles("institute"),
    "assessments:guide:view": _roles("institute auditor"),
    "assessments:score:enter": _roles("assessor"),
    "assessments:score:record": _roles("institute"),
    "assessments:score:release": _roles("institute"),
    "assessments:score:list": _roles("institute auditor"),
    "assessments:score:list-released": _roles("institute commission executive auditor"),
    "assessments:score:view": _roles("officer mentor assessor institute commission executive auditor"),
    "assessments:score:history": _roles("officer assessor institute commission auditor"),
    "assessments:item:list": _roles("institute auditor"),
    "assessments:item:change": _roles("institute"),
    "assessments:item:review": _roles("institute"),
    "assessments:key:view": _roles("institute"),
    "assessments:exam:list": _roles("institute auditor"),
    "assessments:exam:change": _roles("institute"),
    "assessments:essay:mark": _roles("assessor"),
    "assessments:standard:judge": _roles("assessor"),
    "assessments:attempt:take": _roles("officer"),
    "assessments:rating:list": _roles("institute commission executive auditor"),
    "assessments:rating:change": _roles("institute"),
    "assessments:rating:export": _roles("institute commission"),
    "assessments:score:export": _roles("institute commission"),
    # the assessment center: officers see their own place in it, assessors the centers that name them
    "assessments:center:list": _roles("institute commission executive auditor"),
    "assessments:center:change": _roles("institute"),
    "assessments:center:approve": _roles("institute"),
    "assessments:center:own": _roles("officer assessor"),
    "assessments:center:take": _roles("officer"),
    "assessments:center-results:list": _roles("institute auditor"),
    "assessments:center-outcome:list": _roles("institute commission executive auditor"),
    "assessments:center:assess": _roles("assessor"),
    # records
    "records:record:view": _roles("officer mentor institute commission executive auditor"),
    "records:record:export": _roles("officer institute commission"),
    # admissions
    "admissions:application:file": _roles("officer"),
    "admissions:application:list": _roles("institute commission auditor"),
    "admissions:application:change": _roles("institute"),
    "admissions:application:export": _roles("institute"),
    "admissions:selection:list": _roles("institute commission auditor"),
    "admissions:selection:change": _roles("institute"),
    "admissions:selection:publish": _roles("institute"),
    "admissions:letter:make": _roles("institute"),
    # shortlist
    "shortlist:ranking:view": _roles("institute commission auditor"),
    "shortlist:run:draw-up": _roles("institute"),
    "shortlist:run:confirm": _roles("institute"),
    "shortlist:run:publish": _roles("institute"),
    "shortlist:run:list": _roles("institute commission executive auditor"),
    "shortlist:run:export": _roles("institute commission executive"),
    "shortlist:own-result:view": _roles("officer"),
    "shortlist:discretion:list": _roles("institute commission executive auditor"),
    "shortlist:discretion:use": _roles("executive"),
    "shortlist:exception-rule:change": _roles("commission"),
    "shortlist:objection:file": _roles("officer"),
    "shortlist:objection:answer": _roles("institute"),
    "shortlist:objection:list": _roles("institute commission executive auditor"),
    # readiness and workforce
    "readiness:own:view": _roles("officer mentor institute commission executive auditor"),
    "readiness:post:list": _roles("institute commission executive auditor"),
    "readiness:post:export": _roles("institute commission"),
    "readiness:feasibility:view": _roles("institute commission executive auditor"),
    "readiness:feasibility:export": _roles("commission executive"),
    "readiness:feasibility:change": _roles("commission"),
    "workforce:forecast:view": _roles("institute commission executive auditor"),
    "workforce:forecast:export": _roles("commission executive"),
    "workforce:plan:change": _roles("commission"),
    "workforce:talent:list": _roles("commission executive auditor"),
    "workforce:talent:change": _roles("commission executive"),
    "workforce:own-talent:view": _roles("officer"),
    # imports and exports
    "imports:run:list": _roles("institute commission auditor"),
    "imports:file:upload": _roles("institute commission"),
    **dict.fromkeys(
        (
            "imports:roster:upload",
            "imports:training:upload",
            "imports:competency-ratings:upload",
            "imports:enrollments:upload",
            "imports:attendance:upload",
            "imports:coaching:upload",
            "imports:scores:upload",
        ),
        _roles("institute"),
    ),
    **dict.fromkeys(
        (
            "imports:units:upload",
            "imports:officers:upload",
            "imports:postings:upload",
            "imports:delegations:upload",
            "imports:works:upload",
        ),
        _roles("commission"),
    ),
    "exports:scorecards:make": _roles("institute"),
    # jobs, notices, audit
    "jobs:job:view": _roles("officer mentor assessor institute commission executive auditor administrator"),
    "jobs:job:list": _roles("auditor administrator"),
    "notices:own:view": _roles("officer mentor assessor institute commission executive"),
    "notices:outbox:list": _roles("administrator"),
    "trail:entry:list": _roles("auditor"),
    "home:own:view": _roles(ALL),
}


def may(roles: frozenset[str], permission: str) -> bool:
    """Whether somebody holding ``roles`` holds ``permission``. An unknown permission is a mistake: ``KeyError``."""
    return bool(PERMISSIONS[permission] & roles)
