"""The record as JSON: stable names, ISO dates, figures as decimal strings, each with its source.

Format 1, described in ``docs/record-format.md``. Names may be added; what is there is never renamed.
"""

import datetime as dt
import json
from fractions import Fraction
from typing import Any

from webapp.assessments.ranking.scores import as_text, plain
from webapp.exports.records.material import RecordMaterial
from webapp.records.record import Entry, InCohort, Name, Place, Scored, Source

FORMAT = "kaona-development-record/1"


def as_json(material: RecordMaterial) -> bytes:
    """The document, readable and ending in a line break."""
    return (json.dumps(document(material), ensure_ascii=False, indent=1) + "\n").encode()


def document(material: RecordMaterial) -> dict[str, Any]:
    """The record as plain values."""
    record, person = material.record, material.record.person
    length, head = material.audit_head
    return {
        "format": FORMAT,
        "made_at": _moment(material.made_at),
        "audit_head": {"length": length, "hash": head},
        "officer": {
            "officer_no": person.officer_no, "name_th": person.name_th, "name_en": person.name_en,
            "national_id": material.national_id, "birth_date": _day(person.birth_date),
            "entry_date": _day(person.entry_date), "retires_on": _day(person.retires_on),
            "left_on": _day(person.left_on), "left_reason": person.left_reason,
            "qualifications": [_name(row) for row in person.qualifications], "source": _source(person.source),
        },
        "postings": [
            {"post": _name(row.post), "grade": _name(row.grade), "unit": _name(row.unit), "section": _name(row.section),
             "started_on": _day(row.started_on), "ended_on": _day(row.ended_on), "acting": row.acting,
             "order_ref": row.order_ref, "source": _source(row.source)}
            for row in record.postings
        ],
        "delegations": [
            {"unit": _name(row.unit), "section": _name(row.section), "started_on": _day(row.started_on),
             "ended_on": _day(row.ended_on), "order_ref": row.order_ref, "source": _source(row.source)}
            for row in record.delegations
        ],
        "works": [
            {"title": row.title, "done_on": _day(row.done_on), "category": row.category, "verified_by": row.verified_by,
             "verified_on": _day(row.verified_on), "source": _source(row.source)}
            for row in record.works
        ],
        "training": [
            {"course": _name(row.course), "completed_on": _day(row.completed_on), "result": row.result,
             "institution": row.institution, "hours": None if row.hours is None else _figure(Fraction(row.hours)),
             "certificate_no": row.certificate_no, "source": _source(row.source)}
            for row in record.training
        ],
        "competency_ratings": [
            {"competency": _name(row.competency), "rating": row.rating, "rated_on": _day(row.rated_on),
             "method": row.method, "assessor": row.assessor, "source": _source(row.source)}
            for row in record.ratings
        ],
        "cohorts": [_cohort(row) for row in record.cohorts],
        "shortlists": [_place(row) for row in record.places],
    }  # fmt: skip


def _cohort(row: InCohort) -> dict[str, Any]:
    return {
        "cohort": _name(row.title), "course": _name(row.course), "status": row.status,
        "status_reason": row.status_reason, "starts_on": _day(row.starts_on), "ends_on": _day(row.ends_on),
        "attendance": {
            "hours_held": _figure(row.hours_held), "hours_attended": _figure(row.hours_attended),
            "percent": as_text(row.attendance_percent, 2),
            "sessions": [
                {"session": _name(held.title), "part": held.part, "held_on": _day(held.held_on),
                 "hours_held": _figure(held.held_hours), "hours": None if held.hours is None else _figure(held.hours),
                 "source": _source(held.source)}
                for held in row.attendance
            ],
        },
        "coaching": {
            "acknowledged_minutes": row.coaching_minutes, "shadowing_minutes": row.shadowing_minutes,
            "not_acknowledged": row.unacknowledged,
            "sessions": [
                {"kind": held.kind, "held_on": _day(held.held_on), "minutes": held.minutes, "mentor": held.mentor,
                 "topic": held.topic, "acknowledged_at": _moment(held.acknowledged_at), "source": _source(held.source)}
                for held in row.coaching
            ],
        },
        "projects": [
            {"kind": work.kind, "title": work.title, "due_on": _day(work.due_on),
             "submitted_at": _moment(work.submitted_at), "accepted": work.accepted, "source": _source(work.source)}
            for work in row.projects
        ],
        "scores": [_score(score) for score in row.scores],
        "gates": {kind: _figure(value) for kind, value in row.gates.items()},
        "source": _source(row.source),
    }  # fmt: skip


def _score(row: Scored) -> dict[str, Any]:
    """``score`` is rounded as published; ``exact`` is unrounded, a fraction where its decimals never end."""
    return {
        "purpose": row.purpose, "component": _name(row.component), "weight": _figure(row.weight),
        "maximum": _figure(row.maximum), "pass_percent": None if row.pass_percent is None else _figure(row.pass_percent),
        "released": row.released, "state": row.state,
        "score": None if row.score is None else as_text(row.score, row.decimals),
        "exact": None if row.score is None else plain(row.score), "entries": [_entry(entry) for entry in row.entries],
    }  # fmt: skip


def _entry(row: Entry) -> dict[str, Any]:
    return {
        "entry": row.id, "member": row.member, "total": None if row.total is None else _figure(row.total),
        "stands": row.stands, "replaces": row.replaces, "source": _source(row.source),
    }  # fmt: skip


def _place(row: Place) -> dict[str, Any]:
    return {
        "run_id": row.run_id, "cohort": _name(row.cohort), "status": row.status, "plan_version": row.plan_version,
        "size": row.size, "rank": row.rank, "ranked": row.ranked, "composite": row.composite or None,
        "shortlisted": row.shortlisted, "tied_at_line": row.tied_at_line, "chosen": row.chosen,
        "reasons": [dict(reason) for reason in row.reasons], "published_at": _moment(row.published_at),
        "source": _source(row.source),
    }  # fmt: skip


def _name(name: Name | None) -> dict[str, str] | None:
    return None if name is None else {"code": name.code, "name_th": name.name_th, "name_en": name.name_en}


def _source(source: Source | None) -> dict[str, Any] | None:
    if source is None:
        return None
    return {
        "table": source.table, "id": source.id, "by": source.by, "at": _moment(source.at), "import_id": source.import_id,
        "reason": source.reason,
    }  # fmt: skip


def _figure(number: Fraction) -> str:
    """A decimal string; four decimals, rounded half up, where the decimals never end."""
    text = plain(number)
    return as_text(number, 4) if "/" in text else text


def _day(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


def _moment(moment: dt.datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(dt.UTC).isoformat(timespec="seconds")
