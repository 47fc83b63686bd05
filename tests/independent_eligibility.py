"""A service invented from a seed: its roster workbook as somebody else would make it, and who meets which criterion and
who leaves when, worked out from the rules as they are written (domain.md §2, §3 and §6), plainly and slowly, with
nothing of the product's own code."""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from dateutil.relativedelta import relativedelta
from openpyxl import Workbook

Day = dt.date
ONE_DAY = dt.timedelta(days=1)
FOR_EVER = Day(2200, 1, 1)

CORE = ["integrity", "service-mind", "achievement", "teamwork", "expertise"]
EXECUTIVE = ["leadership", "change-management", "strategic-overview", "results-management"]
SPECIFIC = ["creativity", "coordination"]
HEADS = ["counselling", "problem-solving", "team-management"]
EXPECTED = {
    "district-director": (CORE + EXECUTIVE + SPECIFIC, 4),
    "assistant-district-director": (CORE + EXECUTIVE + SPECIFIC, 3),
    "section-head": (CORE + HEADS, 3),
}
JUNIOR = "junior-metropolitan-administrator"
ACCEPTED = {
    JUNIOR: {JUNIOR, "junior-administrator-bma-accepted", "junior-administrator-ocsc",
             "junior-administrator-ocsc-accepted"},
}  # fmt: skip
SECTIONS = [
    "administration", "registration", "public-works", "environment-sanitation", "revenue", "cleansing-parks",
    "education", "finance", "city-law-enforcement", "community-development",
]  # fmt: skip
STANDARDS = ["standard-managerial-high", "standard-managerial-primary", "standard-section-head"]
SEATS = {"district-director": 1, "assistant-district-director": 2, "section-head": 10}


# Facts ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Held:
    """A posting."""

    post: str
    grade: tuple[str, str]
    unit: str
    section: str
    first: Day
    last: Day | None
    acting: bool


@dataclass
class Person:
    """An officer and the facts of their service."""

    number: str
    born: Day
    entered: Day
    left: Day | None = None
    qualified: list[str] = field(default_factory=list)
    postings: list[Held] = field(default_factory=list)
    delegations: list[tuple[str, str, Day, Day | None]] = field(default_factory=list)  # unit, section, first, last
    works: list[tuple[Day, Day | None]] = field(default_factory=list)  # done, verified
    training: list[tuple[str, Day, bool]] = field(default_factory=list)
    ratings: list[tuple[str, int, Day]] = field(default_factory=list)

    def last_day(self) -> Day:
        """30 September of the fiscal year in which they reach 60; born on 1 October is 60 on 30 September."""
        sixty = self.born.year + 60
        return Day(sixty if (self.born.month, self.born.day) <= (10, 1) else sixty + 1, 9, 30)

    def leaves(self) -> Day:
        """The last day of service as far as it is known: leaving before retirement is a fact like others."""
        return min(self.last_day(), self.left or FOR_EVER)

    def serves(self, day: Day) -> bool:
        return self.entered <= day <= self.leaves()

    def holds(self, post: str, day: Day) -> bool:
        return any(
            p.post == post and not p.acting and p.first <= day and (p.last is None or p.last >= day)
            for p in self.postings
        )

    def events(self) -> list[Day]:
        """Days on which something about this person begins to count, or has just ended."""
        days = [p.first for p in self.postings] + [p.last + ONE_DAY for p in self.postings if p.last]
        days += [first for _unit, _section, first, _last in self.delegations]
        days += [max(done, seen) for done, seen in self.works if seen]
        return days + [on for _course, on, _passed in self.training] + [on for _code, _level, on in self.ratings]


# The criteria, read from domain.md -----------------------------------------------------------------------------------

Answer = dict[str, Any]
Found = tuple[int, int, bool]
"""What was found, what is required, and whether it is met."""


def tenure(person: Person, day: Day, which: Callable[[Held], bool]) -> int:
    """Days of 360 to the year: cut at the day, merged where they overlap or touch, months and days of each spell."""
    spells: list[list[Day]] = []
    cut = sorted((p.first, min(p.last or FOR_EVER, day)) for p in person.postings
                 if not p.acting and which(p) and p.first <= day)  # fmt: skip
    for first, last in cut:
        if spells and first <= spells[-1][1] + ONE_DAY:
            spells[-1][1] = max(spells[-1][1], last)
        else:
            spells.append([first, last])
    total = 0
    for first, last in spells:
        end, months = last + ONE_DAY, 0
        while first + relativedelta(months=months + 1) <= end:
            months += 1
        total += 30 * months + (end - (first + relativedelta(months=months))).days
    return total


class Reading:
    """Who meets what, on the facts of one service; ``changes`` are the what-ifs (``dd-sections.min`` → 5)."""

    def __init__(self, service: "Service", changes: dict[str, int] | None = None) -> None:
        self.service, self.changes = service, changes or {}

    def number(self, name: str, shipped: int) -> int:
        return self.changes.get(name, shipped)

    # Leaves: (found, required, met)

    def qualified(self, person: Person, code: str) -> Found:
        has = int(code in person.qualified)
        return has, 1, bool(has)

    def years(self, person: Person, day: Day, name: str, which: Callable[[Held], bool]) -> Found:
        found, wanted = tenure(person, day, which), 360 * self.number(f"{name}.years", 2)
        return found, wanted, found >= wanted

    def sections(self, person: Person, day: Day) -> Found:
        found = len({section for _unit, section, first, _last in person.delegations if first <= day})
        return found, self.number("dd-sections.min", 7), found >= self.number("dd-sections.min", 7)

    def districts(self, person: Person, day: Day, name: str, shipped: int, which: Callable[[Held], bool]) -> Found:
        units = {p.unit for p in person.postings if not p.acting and p.first <= day and which(p)}
        found = len([unit for unit in units if self.service.kinds[unit] == "district"])
        wanted = self.number(f"{name}.min", shipped)
        return found, wanted, found >= wanted

    def post_and_works(self, person: Person, day: Day, name: str, which: Callable[[Held], bool]) -> Found:
        held = any(not p.acting and p.first <= day and which(p) for p in person.postings)
        works = sum(1 for done, seen in person.works if done <= day and seen is not None and seen <= day)
        wanted = self.number(f"{name}.works", 1)
        return works, wanted, held and works >= wanted

    def passed(self, person: Person, day: Day, course: str) -> Found:
        found = any(code in ACCEPTED.get(course, {course}) and passed and on <= day
                    for code, on, passed in person.training)  # fmt: skip
        return int(found), 1, found

    def assessed(self, person: Person, day: Day, post: str) -> Found:
        codes, level = EXPECTED[post]
        found = 0
        for code in codes:
            mine = [(on, rating) for known, rating, on in person.ratings if known == code and on <= day]
            if mine:
                latest = max(on for on, _rating in mine)
                found += min(rating for on, rating in mine if on == latest) >= level
        return found, len(codes), found == len(codes)

    # The three posts

    def leaves(self, post: str) -> dict[str, Any]:
        """Criterion → what judges it on a day, or a dictionary of such of which one is enough."""
        kind = self.service.kinds
        if post == "district-director":
            return {
                "dd-standard": lambda p, d: self.qualified(p, "standard-managerial-high"),
                "dd-assistant-tenure": lambda p, d: self.years(
                    p, d, "dd-assistant-tenure", lambda h: h.post == "assistant-district-director"),
                "dd-sections": self.sections,
                "dd-course": lambda p, d: self.passed(p, d, "district-director-course"),
                "dd-competency": lambda p, d: self.assessed(p, d, post),
            }  # fmt: skip
        if post == "section-head":
            return {
                "sh-standard": lambda p, d: self.qualified(p, "standard-section-head"),
                "sh-course": lambda p, d: self.passed(p, d, JUNIOR),
                "sh-competency": lambda p, d: self.assessed(p, d, post),
            }
        return {
            "add-standard": lambda p, d: self.qualified(p, "standard-managerial-primary"),
            "add-experience": {
                "add-managerial-primary": lambda p, d: self.years(
                    p, d, "add-managerial-primary", lambda h: h.grade == ("managerial", "primary")),
                "add-section-head-districts": lambda p, d: self.districts(
                    p, d, "add-section-head-districts", 2,
                    lambda h: h.post == "section-head" and h.grade[0] == "knowledge"),
                "add-section-head-bureau": lambda p, d: self.post_and_works(
                    p, d, "add-section-head-bureau",
                    lambda h: h.post == "bureau-section-head" and h.grade[0] == "knowledge"),
                "add-general-districts": lambda p, d: self.districts(
                    p, d, "add-general-districts", 3, lambda h: h.grade == ("general", "senior")),
                "add-general-bureau": lambda p, d: self.post_and_works(
                    p, d, "add-general-bureau",
                    lambda h: h.grade == ("general", "senior") and kind[h.unit] == "bureau"),
            },
            "add-course": lambda p, d: self.passed(p, d, "assistant-district-director-course"),
            "add-competency": lambda p, d: self.assessed(p, d, post),
        }  # fmt: skip

    # Answers

    def eligibility(self, post: str, day: Day) -> Answer:
        officers = []
        for person in self.evaluated(post, day):
            criteria = [self.answer(person, day, name, judge) for name, judge in self.leaves(post).items()]
            officers.append({"officer_no": person.number, "eligible": all(c["met"] for c in criteria),
                             "criteria": criteria})  # fmt: skip
        tally = {
            name: {
                "met": sum(o["criteria"][place]["met"] for o in officers),
                "sole_blocker": sum(
                    [c["id"] for c in o["criteria"] if not c["met"]] == [name] for o in officers
                ),
            }
            for place, name in enumerate(self.leaves(post))
        }  # fmt: skip
        return {
            "post": post, "as_of": day.isoformat(), "officers": officers,
            "summary": {"eligible": sum(o["eligible"] for o in officers), "evaluated": len(officers),
                        "per_criterion": tally},
        }  # fmt: skip

    def evaluated(self, post: str, day: Day) -> list[Person]:
        return [p for p in self.service.people if self.is_evaluated(p, post, day)]

    def is_evaluated(self, person: Person, post: str, day: Day) -> bool:
        return person.serves(day) and not person.holds(post, day)

    def answer(self, person: Person, day: Day, name: str, judge: Any) -> Answer:
        if isinstance(judge, dict):
            children = [self.answer(person, day, child, one) for child, one in judge.items()]
            count = sum(child["met"] for child in children)
            days = [child["met_on"] for child in children if child["met_on"]]
            return {"id": name, "met": count >= 1, "found": count, "required": 1, "met_on": min(days, default=None),
                    "children": children}  # fmt: skip
        found, required, met = judge(person, day)
        on = first_met(person, day, lambda d: judge(person, d)[2])
        return {"id": name, "met": met, "found": found, "required": required, "met_on": on and on.isoformat()}

    # The forecast

    def forecast(self, today: Day, first_year: int, years: int) -> list[Answer]:
        return [self.forecast_of(post, today, first_year, years) for post in EXPECTED]

    def forecast_of(self, post: str, today: Day, first_year: int, years: int) -> Answer:
        offices = [code for code, kind in self.service.kinds.items() if kind == "district"]
        at = {office: self.holders(post, office, today) for office in offices}
        empty = sum(max(0, SEATS[post] - len(people)) for people in at.values())
        holders = {person.number: person for people in at.values() for person in people}
        rows = []
        for year in range(first_year, first_year + years):
            last = Day(year - 543, 9, 30)
            leaving = sum(person.leaves() == last for person in holders.values())
            bench = self.bench(post, today, last)
            rows.append({
                "fiscal_year": year, "retiring": leaving,
                "vacancies": leaving + (empty if year == fiscal_year(today) else 0),
                **{name: bench.count(n) for n, name in enumerate(("ready_now", "ready_1y", "ready_2y", "ready_3y"))},
            })  # fmt: skip
        return {"post": post, "seats": SEATS[post] * len(offices), "years": rows}

    def holders(self, post: str, unit: str, today: Day) -> list[Person]:
        return [
            person for person in self.service.people
            if person.serves(today) and any(
                h.post == post and h.unit == unit and not h.acting and h.first <= today
                and (h.last is None or h.last >= today) for h in person.postings)
        ]  # fmt: skip

    def bench(self, post: str, today: Day, last: Day) -> list[int]:
        """The number of years after which each officer of the bench is ready; each is evaluated on that later day."""
        found = []
        for person in self.service.people:
            if person.leaves() <= last:
                continue
            for n in range(4):
                then = today + relativedelta(years=n)
                provided = ("course", "competency") if n else ()
                if self.is_evaluated(person, post, then) and all(self.met(person, post, then, without=provided)):
                    found.append(n)
                    break
        return found

    def met(self, person: Person, post: str, day: Day, without: tuple[str, ...] = ()) -> list[bool]:
        return [
            any(one(person, day)[2] for one in (judge.values() if isinstance(judge, dict) else [judge]))
            for name, judge in self.leaves(post).items() if not name.endswith(without or ("nothing",))
        ]  # fmt: skip


def fiscal_year(day: Day) -> int:
    return day.year + 543 + (day.month >= 10)


def first_met(person: Person, day: Day, is_met: Callable[[Day], bool]) -> Day | None:
    """The first day from ``day`` on that is before the last day of service and on which it is met.

    Between two events nothing but tenure moves, and that only upwards.
    """
    until = person.last_day()
    edges = sorted({day, *(e for e in person.events() if day < e < until)})
    for place, start in enumerate(edges):
        end = edges[place + 1] if place + 1 < len(edges) else until
        if start >= end or not is_met(end - ONE_DAY):
            continue
        low, high = start, end - ONE_DAY
        while low < high:
            middle = low + (high - low) // 2
            low, high = (low, middle) if is_met(middle) else (middle + ONE_DAY, high)
        return low
    return None


# A service invented from a seed --------------------------------------------------------------------------------------

GRADES = [
    ("managerial", "high"), ("managerial", "primary"), ("knowledge", "senior-professional"),
    ("knowledge", "professional"), ("general", "senior"), ("general", "experienced"), ("executive", "primary"),
]  # fmt: skip
POSTS = {
    "district-director": ("managerial", "high"), "assistant-district-director": ("managerial", "primary"),
    "section-head": ("knowledge", "senior-professional"), "bureau-section-head": ("knowledge", "senior-professional"),
    "division-director": ("managerial", "primary"), "bureau-senior-officer": ("general", "senior"),
    "a-post-of-our-own": ("general", "senior"),
}  # fmt: skip
EDGES = [
    Day(2020, 2, 29), Day(2024, 2, 29), Day(2024, 2, 28), Day(2023, 3, 1), Day(2024, 1, 31), Day(2024, 8, 31),
    Day(2024, 12, 31), Day(2023, 9, 30), Day(2023, 10, 1), Day(2024, 10, 1), Day(2022, 5, 31), Day(2024, 4, 30),
]  # fmt: skip


class Service:
    """Officers invented from a seed, who like the edges of every rule; ``today`` is when the roster is imported."""

    def __init__(self, seed: int, today: Day, count: int = 45) -> None:
        self.chance = random.Random(seed)
        self.today = today
        self.kinds = {f"BMA-D{n:02}": "district" for n in range(1, 51)} | {
            f"BMA-B{n:02}": "bureau" for n in range(1, 4)}  # fmt: skip
        self.added = {"X-OFFICE": "office", "X-OUT": "external", "X-BUREAU": "bureau"}
        if self.chance.random() < 0.3:
            self.added["X-DISTRICT"] = "district"
        self.kinds |= self.added
        self.places = [*self.chance.sample(sorted(self.kinds), 7), "BMA-D01", "BMA-D02", "BMA-B01", *self.added]
        self.edges = [*EDGES, today, today - ONE_DAY, today + ONE_DAY, today - relativedelta(years=2),
                      today - relativedelta(years=2) + ONE_DAY, today - relativedelta(years=1), today + relativedelta(years=1), today + relativedelta(years=1, days=1)]  # fmt: skip
        self.people = [self._person(f"{self.chance.choice('ZAM')}{n:04}") for n in range(count)]
        self.people.sort(key=lambda person: person.number)

    # Days

    def _day(self, back: int = 4000, ahead: int = 0) -> Day:
        """A day up to so many days back or ahead, often exactly on an edge."""
        if self.chance.random() < 0.35:
            edge = self.chance.choice(self.edges) + dt.timedelta(days=self.chance.choice((0, 0, 0, 1, -1)))
            if edge <= self.today + dt.timedelta(days=ahead):
                return edge
        return self.today + dt.timedelta(days=self.chance.randint(-back, ahead))

    def _born(self) -> Day:
        if self.chance.random() < 0.5:
            year = self.today.year - 60 + self.chance.randint(0, 6)
            month, day = self.chance.choice(((10, 1), (10, 2), (9, 30), (1, 1), (12, 31), (2, 28)))
            return Day(year, month, day)
        if self.chance.random() < 0.1:
            return Day(1968, 2, 29)
        return Day(1966, 11, 1) + dt.timedelta(days=self.chance.randint(0, 9000))

    # People

    def _person(self, number: str) -> Person:
        c = self.chance
        person = Person(number, self._born(), self._entry())
        if c.random() < 0.12:
            person.left = max(person.entered, self._day(800, 900))
            if c.random() < 0.3:
                person.left = max(person.entered, Day(self.today.year + c.randint(0, 3), 9, 30))
        person.qualified = [code for code in STANDARDS if c.random() < 0.75]
        keen = c.random() < 0.7
        if c.random() < 0.4:
            self._posting(person, "assistant-district-director")
        for _ in range(c.choice((0, 1, 2, 2, 3, 4, 6))):
            self._posting(person)
        for _ in range(c.choice((0, 2, 7, 9, 12)) if keen else 0):
            first = self._day(3000, 1200)
            self._once(person.delegations, (c.choice(self.places), c.choice(SECTIONS), first, self._end(first)), 3)
        person.works = [self._work() for _ in range(c.choice((0, 0, 1, 2)))]
        for _ in range(c.choice((1, 3, 5)) if keen else 0):
            code = c.choice(["district-director-course", "assistant-district-director-course", *sorted(ACCEPTED[JUNIOR]),
                             "elsewhere-101"])  # fmt: skip
            self._once(person.training, (code, self._day(2500), c.random() < 0.8), 2)
        self._rate(person)
        return person

    def _entry(self) -> Day:
        """Mostly long ago; sometimes lately or soon."""
        if self.chance.random() < 0.06:
            return self._day(900, 500)
        return Day(1995, 1, 1) + dt.timedelta(days=self.chance.randint(0, 6000))

    def _end(self, first: Day) -> Day | None:
        c = self.chance
        kind = c.random()
        if kind < 0.3:
            return None
        if kind < 0.55:  # exact years, and a day less or more
            return first + relativedelta(years=c.choice((1, 1, 2, 3))) + dt.timedelta(days=c.choice((-2, -1, -1, 0)))
        if kind < 0.7:
            return max(first, self._day(1500, 500))
        return first + dt.timedelta(days=c.choice((0, 27, 30, 31, 180, 364, 365, 400, 719, 730, 900)))

    def _posting(self, person: Person, post: str = "") -> None:
        c = self.chance
        post = post or c.choice(list(POSTS))
        grade = POSTS[post] if c.random() < 0.75 else c.choice(GRADES)
        first = self._day(*c.choice(((4000, 500), (500, 900))))
        before = c.choice(person.postings) if person.postings else None
        if before is not None and c.random() < 0.5:
            post, grade = (before.post, before.grade) if c.random() < 0.8 else (post, grade)
            if before.last:  # touching, a day apart, overlapping
                first = before.last + dt.timedelta(days=c.choice((1, 1, 1, 2, 0, -30)))
        held = Held(post, grade, c.choice(self.places), c.choice(("", c.choice(SECTIONS))) if post == "section-head" else "",
                    first, self._end(first), c.random() < 0.12)  # fmt: skip
        if all((h.post, h.unit, h.first) != (held.post, held.unit, held.first) for h in person.postings):
            person.postings.append(held)

    def _work(self) -> tuple[Day, Day | None]:
        done = self._day(1500)
        seen = (
            None
            if self.chance.random() < 0.25
            else min(self.today, done + dt.timedelta(self.chance.choice((0, 1, 200))))
        )
        return done, seen

    def _once(self, rows: list[Any], row: tuple[Any, ...], key: int) -> None:
        if all(known[:key] != row[:key] for known in rows):
            rows.append(row)

    def _rate(self, person: Person) -> None:
        c = self.chance
        good = c.random() < 0.6
        for code in CORE + EXECUTIVE + SPECIFIC + HEADS:
            if c.random() < (0.02 if good else 0.4):
                continue
            person.ratings.append(
                (code, c.choice((3, 4, 4, 4, 4, 4, 4, 5)) if good else c.randint(1, 5), self._day(900))
            )
            if c.random() < 0.1:  # again, perhaps on the same day
                on = person.ratings[-1][2] if c.random() < 0.4 else self._day(900)
                person.ratings.append((code, c.randint(2, 5), on))

    # What to ask

    def days(self) -> list[Day]:
        """As-of days worth asking about: today, edges, past and future."""
        c = self.chance
        facts = [e for person in self.people for e in person.events()]
        ends = [p.last for person in self.people for p in person.postings if p.last]
        return [self.today, c.choice(facts), c.choice(ends), Day(self.today.year + c.randint(0, 5), 9, 30),
                self._day(1500), self.today + dt.timedelta(days=c.randint(1, 2500))]  # fmt: skip

    # The workbook

    def workbook(self) -> bytes:
        book = Workbook()
        book.remove(book.active)
        for name, rows in self._sheets().items():
            if len(rows) > 1:
                sheet = book.create_sheet(name)
                head, body = rows[0], rows[1:]
                self.chance.shuffle(body)
                for row in [head, *body]:
                    sheet.append(row)
        out = BytesIO()
        book.save(out)
        return out.getvalue()

    def _written(self, held: Held) -> tuple[str, str]:
        """Type and level of a row; those of its post where the row leaves them out."""
        known = held.post in ("district-director", "assistant-district-director") and held.grade == POSTS[held.post]
        return ("", "") if known and self.chance.random() < 0.3 else held.grade

    def _sheets(self) -> dict[str, list[list[Any]]]:
        everybody = self.people
        return {
            "units": [["unit_code", "name_th", "kind", "zone"],
                      *([code, f"หน่วยงาน {code}", kind, ""] for code, kind in self.added.items())],
            "officers": [["officer_no", "given_name", "family_name", "birth_date", "entry_date", "left_on", "qualifications"],
                         *([p.number, "สมมติ", p.number, p.born, p.entered, p.left, ";".join(p.qualified)]
                           for p in everybody)],
            "postings": [["officer_no", "post_code", "position_type", "level", "unit_code", "section", "start_date",
                          "end_date", "acting"],
                         *([p.number, h.post, *self._written(h), h.unit, h.section, h.first, h.last, int(h.acting)]
                           for p in everybody for h in p.postings)],
            "delegations": [["officer_no", "unit_code", "section", "start_date", "end_date"],
                            *([p.number, *row] for p in everybody for row in p.delegations)],
            "works": [["officer_no", "title", "date", "verified_by", "verified_on"],
                      *([p.number, f"ผลงานที่ {n}", done, "คณะกรรมการ" if seen else None, seen]
                        for p in everybody for n, (done, seen) in enumerate(p.works))],
            "training": [["officer_no", "course_code", "completed_on", "result"],
                         *([p.number, code, on, "passed" if passed else "failed"]
                           for p in everybody for code, on, passed in p.training)],
            "competency-ratings": [["officer_no", "competency", "rating", "rated_on", "method"],
                                   *([p.number, *row, f"วิธีที่ {n}"]
                                     for p in everybody for n, row in enumerate(p.ratings))],
        }  # fmt: skip
