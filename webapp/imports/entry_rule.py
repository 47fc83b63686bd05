"""The entry rule of a course, evaluated and shown beside imported enrollments: the institute's decision stands.

As of the last day of applications, or of the day before the cohort starts where none is set (``domain.md`` §3).
"""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.careers.models import Course, Post
from webapp.careers.queries import published_profile
from webapp.courses.models import Cohort
from webapp.imports.changes import Changes
from webapp.imports.known import Known
from webapp.spreadsheets.reading import Table


def _l(text: str) -> str:
    """Marks a text for the English catalog; it is translated where it is shown."""
    return text


NOT_MET = _l("ไม่ผ่านเกณฑ์เข้าอบรม ณ วันที่ %(day)s บันทึกตามการตัดสินของสถาบัน")


def warn_of_entry(session: Session, table: Table, changes: Changes, known: Known) -> None:
    """Warn of every new or changed enrollment whose officer does not meet the entry rule of the cohort's course."""
    touched = sorted([*changes.created, *(one.place for one in changes.updated)])
    statuses = table.column("status")
    cohorts: dict[str, dict[str, int]] = {}
    for place in touched:
        if statuses[place] != "withdrawn":
            code, number = table.columns["cohort_code"][place], table.columns["officer_no"][place]
            cohorts.setdefault(code, {})[number] = place
    for code, places in cohorts.items():
        cohort = session.execute(select(Cohort).where(Cohort.code == code)).scalar_one()
        day = cohort.applications_close_on or cohort.starts_on - dt.timedelta(days=1)
        ids = known.ids("officer", places)
        for number in _failing(session, cohort, day, {ids[number]: number for number in places}):
            table.warn(places[number], "officer_no", NOT_MET, day=day.isoformat())


def _failing(session: Session, cohort: Cohort, day: dt.date, officers: dict[int, str]) -> list[str]:
    """The numbers of those officers who do not meet the entry rule, in the order given; none where there is no rule."""
    from webapp.careers.criteria.evaluation import Rule
    from webapp.careers.criteria.tree import tree_from
    from webapp.records.eligibility import evaluation

    post = session.scalar(select(Post).join(Course, Course.post_id == Post.id).where(Course.id == cohort.course_id))
    profile = published_profile(session, post.id, None) if post is not None else None
    document = profile.document.get("course_entry") if profile is not None else None
    if post is None or profile is None or not document:
        return []
    rule = Rule(post.code, profile.version, tree_from(document))
    found = evaluation(session, rule, day, officer_ids=sorted(officers))
    verdict = found.verdicts[rule.tree.id]
    met = {int(found.facts.row[row]) for row in range(len(found.facts)) if verdict.of(row)}
    return [number for officer, number in officers.items() if officer not in met]
