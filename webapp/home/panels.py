"""What panels want of the institute's staff: marks to talk about, guides to approve, members to replace."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from webapp.assessments.panels.matters import PanelPlace, staff_matters
from webapp.careers.words import in_language as named
from webapp.home.tasks import Task


def panel_tasks(session: Session, account_id: int) -> list[Task]:
    """One task per component that waits for something."""
    found = staff_matters(session, account_id)

    def told(title: str, endpoint: str, one: PanelPlace, *, waits: bool = False) -> Task:
        purpose = None if one.purpose == "ranking" else one.purpose
        address: dict[str, Any] = {"code": one.cohort.code, "component": one.component.code, "purpose": purpose}
        note = f"{named(one.component)} · {named(one.cohort)}"
        return Task(title, url_for(endpoint, **address), note, waits=waits)

    talks = [
        told(_("คะแนนที่รอหารือ %(count)s คน", count=one.count), "assessments.differences", one, waits=True)
        for one in found["talks"]
    ]
    guides = [told(_("อนุมัติแนวคำถาม"), "assessments.guide", one, waits=True) for one in found["guides"]]
    short = [
        told(_("กรรมการมีส่วนได้เสีย หาผู้ให้คะแนนแทน %(count)s คน", count=one.count), "assessments.panel", one)
        for one in found["short"]
    ]
    return [*talks, *guides, *short]
