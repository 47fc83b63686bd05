"""Who takes part, who assesses with which conflicts of interest, rooms and times: the staff's pages, and the assessor's declaration."""

import datetime as dt
from collections import Counter
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp import clock, thai
from webapp.accounts.access import current_actor, requires
from webapp.assessments.center import conflicts, people, queries
from webapp.assessments.center.models import CONFLICT_KINDS, Center
from webapp.assessments.center.setting_forms import CenterBoxes
from webapp.assessments.center.setting_views import BASE, attempt
from webapp.assessments.views import blueprint
from webapp.clock import BANGKOK
from webapp.database import db
from webapp.errors import NotFound, RuleBroken

LIST = "assessments:center:list"
CHANGE = "assessments:center:change"


@blueprint.get(f"{BASE}/participants")
@requires(LIST)
def center_participants(code: str) -> Any:
    """Who takes part; whom to add: found by name, from the talent pool, from a cohort."""
    found = queries.center_by_code(db.session, code)
    rows = queries.participants_of(db.session, found.id)
    words = thai.normalized(request.args.get("q", ""))[:100]
    cohort_id = request.args.get("cohort", 0, type=int)
    return render_template(
        "assessments/center/participants.html", center=found, rows=rows, words=words, cohort_id=cohort_id,
        found=queries.officers_to_add(db.session, found.id, words),
        talent=queries.talent_to_add(db.session, found.id), cohorts=queries.cohorts_to_add(db.session),
        of_cohort=queries.cohort_to_add(db.session, found.id, cohort_id) if cohort_id else [],
        conflicts=Counter(one.participant_id for one in conflicts.known(db.session, found.id)),
        open=_open(found), sees_performance=_sees_performance(found),
    )  # fmt: skip


def _sees_performance(found: Center) -> bool:
    from webapp.accounts.access import may_any

    return found.status == "released" or may_any("assessments:center-results:list")


def _open(found: Center) -> bool:
    """Whether people, rooms and times may change still."""
    return (
        found.status in ("draft", "approved")
        and not queries.has_timetable(db.session, found.id)
        and not queries.has_begun(db.session, found.id)
    )


@blueprint.post(f"{BASE}/participants")
@requires(CHANGE)
def center_participants_add(code: str) -> Any:
    """Add the officers who were ticked."""
    found = queries.center_by_code(db.session, code)
    chosen = [number for number in request.form.getlist("officer", type=int) if 0 < number < 2**31]
    return attempt(
        lambda: people.add_participants(db.session, current_actor(), found, chosen),
        _("เพิ่มผู้เข้ารับการประเมินแล้ว"), url_for(".center_participants", code=code),
    )  # fmt: skip


@blueprint.post(f"{BASE}/participants/<officer_no>/remove")
@requires(CHANGE)
def center_participant_remove(code: str, officer_no: str) -> Any:
    """Take somebody out."""
    found = queries.center_by_code(db.session, code)
    row = queries.participant_in(db.session, found.id, officer_no)
    return attempt(
        lambda: people.remove_participant(db.session, current_actor(), found, row),
        _("นำออกจากการประเมินแล้ว"), url_for(".center_participants", code=code),
    )  # fmt: skip


@blueprint.post(f"{BASE}/participants/<officer_no>/withdraw")
@requires(CHANGE)
def center_participant_withdraw(code: str, officer_no: str) -> Any:
    """Somebody leaves in the middle, with a reason."""
    found, reason = queries.center_by_code(db.session, code), request.form.get("reason", "")
    row = queries.participant_in(db.session, found.id, officer_no)
    return attempt(
        lambda: people.withdraw(db.session, current_actor(), found, row, reason=reason), _("บันทึกการถอนตัวแล้ว"),
        url_for(".center_participants", code=code),
    )  # fmt: skip


@blueprint.post(f"{BASE}/participants/<officer_no>/performance")
@requires(CHANGE)
def center_performance(code: str, officer_no: str) -> Any:
    """The performance that the grid uses, with its source."""
    found = queries.center_by_code(db.session, code)
    row = queries.participant_in(db.session, found.id, officer_no)
    boxes = CenterBoxes(request.form)
    figure, source = boxes.number("performance", required=False), boxes.words("source")

    def act() -> None:
        if boxes.errors:
            raise RuleBroken("ผลงานต้องเป็นตัวเลขตั้งแต่ 1 ถึง 5 เช่น 3.8")
        people.set_performance(db.session, current_actor(), found, row, performance=figure, source=source)

    return attempt(act, _("บันทึกผลงานแล้ว"), url_for(".center_participants", code=code))


@blueprint.get(f"{BASE}/assessors")
@requires(LIST)
def center_assessors(code: str) -> Any:
    """Who assesses: training, declaration, conflicts of interest with where each is known from."""
    found = queries.center_by_code(db.session, code)
    rows = queries.assessors_of(db.session, found.id)
    names = {row.id: row.officer for row in queries.participants_of(db.session, found.id)}
    known: dict[int, list[Any]] = {row.id: [] for row in rows}
    for one in conflicts.known(db.session, found.id):
        known[one.assessor_id].append(one)
    return render_template(
        "assessments/center/assessors.html", center=found, rows=rows, names=names, conflicts=known,
        offered=queries.accounts_to_name(db.session, found.id), open=_open(found),
    )  # fmt: skip


@blueprint.post(f"{BASE}/assessors")
@requires(CHANGE)
def center_assessor_add(code: str) -> Any:
    """Name an assessor."""
    found = queries.center_by_code(db.session, code)
    return attempt(
        lambda: people.add_assessor(
            db.session, current_actor(), found, account_id=request.form.get("account", 0, type=int),
            trained_on=_typed_day("trained_on"), organization=thai.normalized(request.form.get("organization", ""))[:200],
        ),
        _("เพิ่มผู้ประเมินแล้ว"), url_for(".center_assessors", code=code),
    )  # fmt: skip


def _typed_day(name: str) -> dt.date | None:
    """The day in a box, none where it is empty. Raises what reading a day raises."""
    text = request.form.get(name, "").strip()
    return thai.parse_day(text) if text else None


@blueprint.post(f"{BASE}/assessors/<int:assessor_id>/training")
@requires(CHANGE)
def center_assessor_training(code: str, assessor_id: int) -> Any:
    """When an assessor was trained."""
    found = queries.center_by_code(db.session, code)
    row = queries.assessor_in(db.session, found.id, assessor_id)
    return attempt(
        lambda: people.set_training(db.session, current_actor(), found, row, trained_on=_typed_day("trained_on")),
        _("บันทึกวันอบรมแล้ว"), url_for(".center_assessors", code=code),
    )  # fmt: skip


@blueprint.post(f"{BASE}/assessors/<int:assessor_id>/remove")
@requires(CHANGE)
def center_assessor_remove(code: str, assessor_id: int) -> Any:
    """Take an assessor out."""
    found = queries.center_by_code(db.session, code)
    row = queries.assessor_in(db.session, found.id, assessor_id)
    return attempt(
        lambda: people.remove_assessor(db.session, current_actor(), found, row), _("นำผู้ประเมินออกแล้ว"),
        url_for(".center_assessors", code=code),
    )  # fmt: skip


@blueprint.post(f"{BASE}/conflicts/<int:conflict_id>/remove")
@requires(CHANGE)
def center_conflict_remove(code: str, conflict_id: int) -> Any:
    """Take a declared conflict away that does not hold."""
    found = queries.center_by_code(db.session, code)
    row = next((one for one in conflicts.declared(db.session, found.id) if one.id == conflict_id), None)
    if row is None:
        raise NotFound()
    reason = request.form.get("reason", "")
    return attempt(
        lambda: people.remove_conflict(db.session, current_actor(), found, row, reason=reason),
        _("นำส่วนได้เสียที่แจ้งไว้ออกแล้ว"), url_for(".center_assessors", code=code),
    )  # fmt: skip


@blueprint.route(f"{BASE}/declare", methods=["GET", "POST"])
@requires("assessments:center:assess")
def center_declare(code: str) -> Any:
    """An assessor says with which participants they have a conflict of interest, or that there is none."""
    found = queries.center_by_code(db.session, code)
    own = queries.own_assessor(db.session, found.id, current_actor().account_id)
    return _declared(found, own.id, url_for(".center_declare", code=code))


@blueprint.route(f"{BASE}/assessors/<int:assessor_id>/declare", methods=["GET", "POST"])
@requires(CHANGE)
def center_declare_for(code: str, assessor_id: int) -> Any:
    """Staff write down what an assessor told them."""
    found = queries.center_by_code(db.session, code)
    return _declared(found, assessor_id, url_for(".center_assessors", code=code))


def _declared(found: Center, assessor_id: int, back: str) -> Any:
    assessor = queries.assessor_in(db.session, found.id, assessor_id)
    if request.method == "POST":
        people_there = queries.participants_of(db.session, found.id)
        said = {
            row.id: (request.form.get(f"kind-{row.id}", ""), thai.normalized(request.form.get(f"note-{row.id}", "")))
            for row in people_there
            if request.form.get(f"kind-{row.id}")
        }
        return attempt(
            lambda: people.declare(db.session, current_actor(), found, assessor, said),
            _("บันทึกการแจ้งส่วนได้เสียแล้ว"), back,
        )  # fmt: skip
    known = {one.participant_id: one for one in conflicts.known(db.session, found.id) if one.assessor_id == assessor.id}
    return render_template(
        "assessments/center/declare.html", center=found, assessor=assessor, known=known, kinds=CONFLICT_KINDS,
        rows=queries.participants_of(db.session, found.id), back=back,
        own=assessor.account_id == current_actor().account_id,
    )  # fmt: skip


@blueprint.get(f"{BASE}/places")
@requires(LIST)
def center_places(code: str) -> Any:
    """Rooms, and the stretches of time in which sessions may lie."""
    found = queries.center_by_code(db.session, code)
    return render_template(
        "assessments/center/places.html", center=found, rooms=queries.rooms_of(db.session, found.id),
        blocks=[(row, row.starts_at + dt.timedelta(minutes=row.slots * found.slot_minutes))
                for row in queries.blocks_of(db.session, found.id)], open=_open(found),
    )  # fmt: skip


@blueprint.post(f"{BASE}/rooms")
@requires(CHANGE)
def center_room_add(code: str) -> Any:
    """A room more."""
    found = queries.center_by_code(db.session, code)
    name, holds = thai.normalized(request.form.get("name", ""))[:100], request.form.get("holds", "")
    digits = thai.arabic_digits(holds).strip()
    number = int(digits) if digits.isdecimal() and len(digits) < 6 else 0
    return attempt(
        lambda: people.add_room(db.session, current_actor(), found, name=name, holds=number), _("เพิ่มห้องแล้ว"),
        url_for(".center_places", code=code),
    )  # fmt: skip


@blueprint.post(f"{BASE}/rooms/<int:room_id>/remove")
@requires(CHANGE)
def center_room_remove(code: str, room_id: int) -> Any:
    """A room less."""
    found = queries.center_by_code(db.session, code)
    row = queries.room_in(db.session, found.id, room_id)
    return attempt(
        lambda: people.remove_room(db.session, current_actor(), found, row), _("นำห้องออกแล้ว"),
        url_for(".center_places", code=code),
    )  # fmt: skip


@blueprint.post(f"{BASE}/blocks")
@requires(CHANGE)
def center_block_add(code: str) -> Any:
    """A stretch of time more."""
    found = queries.center_by_code(db.session, code)

    def act() -> None:
        day = _typed_day("day")
        if day is None:
            raise RuleBroken("ต้องระบุวัน")
        starts, ends = (_typed_time(day, request.form.get(name, "")) for name in ("from", "to"))
        people.add_block(db.session, current_actor(), found, starts_at=starts, ends_at=ends)

    return attempt(act, _("เพิ่มช่วงเวลาแล้ว"), url_for(".center_places", code=code))


def _typed_time(day: dt.date, text: str) -> dt.datetime:
    """A time of day in Bangkok as it is typed: 9.00, 09:00. Raises ``RuleBroken``."""
    digits = thai.arabic_digits(text).strip().replace(".", ":").replace("น:", "").strip()
    try:
        hour, minute = (int(part) for part in digits.split(":"))
        return dt.datetime.combine(day, dt.time(hour, minute), BANGKOK).astimezone(dt.UTC)
    except ValueError:
        raise RuleBroken("เวลาต้องเป็นชั่วโมงและนาที เช่น 9.00 หรือ 13:30") from None


@blueprint.post(f"{BASE}/blocks/<int:block_id>/remove")
@requires(CHANGE)
def center_block_remove(code: str, block_id: int) -> Any:
    """A stretch of time less."""
    found = queries.center_by_code(db.session, code)
    row = queries.block_in(db.session, found.id, block_id)
    return attempt(
        lambda: people.remove_block(db.session, current_actor(), found, row), _("นำช่วงเวลาออกแล้ว"),
        url_for(".center_places", code=code),
    )  # fmt: skip


@blueprint.get("/my/centers")
@requires("assessments:center:own")
def my_centers() -> Any:
    """The centers that name the person signed in: as an assessor, as a participant."""
    from webapp.accounts.access import current_officer_id

    rows = queries.own_centers(db.session, current_actor().account_id, current_officer_id())
    if len(rows) == 1 and not (rows[0][1] and rows[0][2]):
        center, assesses, _takes = rows[0]
        page = ".center_work" if assesses else ".center_own"
        return redirect(url_for(page, code=center.code), 303)
    return render_template("assessments/center/my_centers.html", rows=rows, today=clock.today())
