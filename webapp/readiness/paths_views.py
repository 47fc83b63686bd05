"""Pages of career paths that need facts: an officer's own position, and which path is best by what happened."""

from collections.abc import Callable
from typing import Any

from flask import Response, render_template
from flask_babel import gettext as _

from webapp import clock, thai
from webapp.accounts.access import current_officer_id, requires
from webapp.careers import path_pages
from webapp.careers import words as careers_words
from webapp.careers.tenure import as_length
from webapp.database import db
from webapp.officers.models import Officer
from webapp.readiness import paths_queries, paths_sheets, sheets
from webapp.readiness.own_views import readable
from webapp.readiness.pages import LIST, OWN, blueprint
from webapp.readiness.paths_queries import OwnPaths, PostFigures
from webapp.readiness.paths_rules import FEW, Position
from webapp.records.words import length_words

EXPORT = "careers:published:export"


@blueprint.get("/readiness/paths")
@requires(OWN)
def my_paths() -> Any:
    """The reader's own position on every path, and the shortest way on."""
    person = db.session.get(Officer, current_officer_id() or 0)
    if person is None:
        return render_template("readiness/own_nobody.html")
    return _own_page(person)


@blueprint.get("/officers/<officer_no>/paths")
@requires(OWN)
def paths_of(officer_no: str) -> Any:
    """The same of one officer, for their mentor or head and those who read everything."""
    return _own_page(readable(officer_no))


def _own_page(person: Officer) -> str:
    today = clock.today()
    found = paths_queries.own(db.session, person.id, today)
    everything = [path for one in found for path in one.paths]
    told = path_pages.PathWords(db.session, everything)
    sections = [(one, _ordered(one, told)) for one in found]
    return render_template(
        "readiness/paths_own.html", person=person, mine=person.id == current_officer_id(), sections=sections,
        told=told, left=left, kinds=careers_words.PATH_KINDS, today=today,
    )  # fmt: skip


def _ordered(one: OwnPaths, told: path_pages.PathWords) -> list[tuple[Any, Position, Any, str]]:
    """The paths to a post, the shortest way on first: path, position, picture and its sentence."""
    places = list(range(len(one.paths)))
    places.sort(key=lambda place: _order(one.positions[place], place))
    found = []
    for place in places:
        path, position = one.paths[place], one.positions[place]
        words = told.of(path)
        sentence = sentence_of(position, [step.label for step in words])
        picture = path_pages.drawn(
            [path], told, title=careers_words.in_language(path), sentence=sentence, standing=_standing(position),
            tag_head=_("อยู่หรือเคยอยู่"),
        )  # fmt: skip
        found.append((path, position, picture, sentence))
    return found


def _order(position: Position, place: int) -> tuple[Any, ...]:
    return (not position.on_or_near, position.joins is not None, position.days_left, position.steps_left, place)


def _standing(position: Position) -> Callable[[Any, int], tuple[str, str]]:
    def said(_path: Any, step: int) -> tuple[str, str]:
        if position.stands == step:
            return _("อยู่ที่ขั้นนี้ %(time)s", time=length_words(position.served[step])), "here"
        if position.joins == step:
            return _("เข้าเส้นทางได้ที่ขั้นนี้"), "here"
        if position.done[step]:
            return _("เคยดำรงตำแหน่ง %(time)s", time=length_words(position.served[step])), "done"
        return "", ""

    return said


def left(position: Position) -> str:
    """The least time left, in words."""
    length = as_length(position.days_left)
    return length_words(position.days_left) if any(length) else _("ครบจำนวนปีแล้ว")


def sentence_of(position: Position, labels: list[str]) -> str:
    """Where the officer is on a path, in one sentence."""
    if position.arrived:
        return _("อยู่ที่ตำแหน่งปลายทางแล้ว")
    if position.stands is not None:
        return _(
            "อยู่ขั้นที่ %(place)s (%(label)s) เหลืออีก %(steps)s ขั้น อย่างน้อย %(time)s",
            place=position.stands + 1, label=labels[position.stands], steps=thai.number(position.steps_left),
            time=left(position),
        )  # fmt: skip
    if position.joins is not None:
        return _(
            "ยังไม่อยู่ในเส้นทางนี้ เข้าได้ที่ขั้นที่ %(place)s (%(label)s) แล้วอย่างน้อย %(time)s",
            place=position.joins + 1, label=labels[position.joins], time=left(position),
        )  # fmt: skip
    return _("ระดับปัจจุบันสูงกว่าทุกขั้นของเส้นทางนี้")


# Which path is best --------------------------------------------------------------------------------------------------


@blueprint.get("/paths/statistics")
@requires(LIST)
def path_statistics() -> str:
    """Per path: who stands on each step, how long the steps took, and how those who came that way did."""
    today = clock.today()
    found = paths_queries.statistics(db.session, today)
    told = path_pages.PathWords(db.session, [row.path for one in found for row in one.paths])
    return render_template(
        "readiness/paths_statistics.html", posts=[(one, _maps(one, told)) for one in found], told=told, today=today,
        few=FEW, kinds=careers_words.PATH_KINDS, shares=paths_sheets,
    )  # fmt: skip


def _maps(one: PostFigures, told: path_pages.PathWords) -> list[tuple[str, Any]]:
    """The lanes of each kind of path, each step with how many stand there."""
    figures = {row.path.code: row.steps for row in one.paths}
    paths = [row.path for row in one.paths]

    def standing(path: Any, step: int) -> tuple[str, str]:
        here = figures[path.code][step]
        count = _("%(count)s คน", count=thai.number(here.standing))
        return (f"{count} · {paths_sheets.years(here)}" if here.years is not None else count), ""

    found = []
    for kind, group in path_pages.by_kind(paths):
        name = str(careers_words.PATH_KINDS.get(kind, kind))
        sentence = _("ตัวเลขในแต่ละขั้นคือจำนวนข้าราชการที่อยู่ในขั้นนั้นวันนี้ และเวลาที่ใช้ในขั้น (มัธยฐาน) คนหนึ่งอยู่ได้หลายเส้นทาง")
        picture = path_pages.drawn(
            group, told, title=name, sentence=sentence, columns=path_pages.longest(paths),
            tag_head=_("อยู่ในขั้นนี้ · เวลาในขั้น"), standing=standing,
        )  # fmt: skip
        found.append((kind, picture))
    return found


@blueprint.get("/paths/statistics.xlsx")
@requires(EXPORT)
def path_statistics_workbook() -> Response:
    """The statistics as a workbook: steps, outcomes, and how they are counted."""
    today = clock.today()
    found = paths_queries.statistics(db.session, today)
    told = path_pages.PathWords(db.session, [row.path for one in found for row in one.paths])
    content = paths_sheets.workbook(found, told, today, footer=sheets.footer())
    return sheets.taken("path-statistics", content, ("career_path", "statistics"), {"as_of": today.isoformat()})
