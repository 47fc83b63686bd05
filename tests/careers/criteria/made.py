"""Made-up officers for the criteria's tests: as dictionaries, and as the columns made from them."""

import datetime as dt

import numpy as np
from hypothesis import strategies as st

from webapp.careers.criteria import facts as f
from webapp.careers.criteria.measure import Expected
from webapp.careers.tenure import OPEN

START = dt.date(2024, 1, 1)
POSTS = ("assistant", "bureau-head", "head")
TYPES = ("general", "knowledge", "managerial")
LEVELS = ("primary", "senior")
UNITS = {"B1": "bureau", "D1": "district", "D2": "district", "D3": "district"}
SECTIONS = ("a", "b", "c")
EXPECTED = (Expected("one", "core", 3), Expected("two", "core", 4), Expected("three", "special", 2))
COURSES = (("course", "like-it", START, START + dt.timedelta(days=200)), ("other", "course", dt.date.min, dt.date.max))
WORDS = f.Words(
    POSTS, TYPES, LEVELS, tuple(UNITS), tuple(UNITS.values()), SECTIONS, ("q1", "q2"), ("course", "like-it", "other"),
    ("one", "three", "two", "not-asked"),
)  # fmt: skip

days = st.integers(-500, 500).map(lambda n: START + dt.timedelta(days=n))


@st.composite
def spells(draw, **facts):
    first, length = draw(days), draw(st.none() | st.integers(0, 400))
    return {"first": first, "last": None if length is None else first + dt.timedelta(days=length),
            **{name: draw(values) for name, values in facts.items()}}  # fmt: skip


@st.composite
def postings(draw):
    made = draw(spells(
        post=st.sampled_from(POSTS), type=st.sampled_from((*TYPES, "managerial", "")), level=st.sampled_from((*LEVELS, "")),
        unit=st.sampled_from(sorted(UNITS)), acting=st.sampled_from((False, False, False, True)),
    ))  # fmt: skip
    return {**made, "kind": UNITS[made["unit"]]}


officers = st.fixed_dictionaries({
    "retires": st.integers(-50, 400).map(lambda n: START + dt.timedelta(days=n)),
    "entry": days,
    "left": st.none() | days,
    "postings": st.lists(postings(), max_size=5),
    "delegations": st.lists(spells(section=st.sampled_from(SECTIONS)), max_size=4),
    "works": st.lists(days, max_size=3),
    "qualifications": st.lists(st.sampled_from(WORDS.qualifications), unique=True, max_size=2),
    "passes": st.lists(st.fixed_dictionaries({"course": st.sampled_from(WORDS.courses), "day": days}), max_size=2),
    "ratings": st.lists(
        st.fixed_dictionaries({
            "competency": st.sampled_from(WORDS.competencies),
            "rating": st.integers(1, 5),
            "day": st.sampled_from([START, START + dt.timedelta(days=50), START - dt.timedelta(days=9)]),
        }),
        max_size=9,
    ),
})  # fmt: skip


def officer(**given):
    """An officer with nothing but what is given."""
    empty = {name: [] for name in ("postings", "delegations", "works", "qualifications", "passes", "ratings")}
    return {"retires": dt.date(2050, 9, 30), "entry": dt.date(2000, 1, 1), "left": None, **empty, **given}


def posting(first, last=None, post="assistant", type="managerial", level="primary", unit="D1", acting=False):
    day = dt.date.fromisoformat
    return {"post": post, "type": type, "level": level, "unit": unit, "kind": UNITS[unit], "first": day(first),
            "last": day(last) if last else None, "acting": acting}  # fmt: skip


def columns(people):
    """The officers as columns."""

    def numbers(values, kind=np.int64):
        return np.array([end(v) if isinstance(v, dt.date) or v is None else v for v in values], kind)

    def table(kind, name, **columns_of):
        rows = [(n, row) for n, o in enumerate(people) for row in o[name]]
        made = {
            c: numbers([get(row) for _, row in rows], bool if c == "acting" else np.int64)
            for c, get in columns_of.items()
        }
        return kind(person=numbers([n for n, _ in rows]), row=np.arange(len(rows)), **made)

    def index(words, code):
        return words.index(code) if code else f.UNKNOWN

    return f.Facts(
        officer_no=np.array([f"{n:04d}" for n in range(len(people))]),
        row=np.arange(len(people)),
        entry=numbers([o["entry"] for o in people]),
        retirement=numbers([o["retires"] for o in people]),
        left=numbers([o["left"] for o in people]),
        words=WORDS,
        postings=table(
            f.Postings, "postings", post=lambda p: POSTS.index(p["post"]), position_type=lambda p: index(TYPES, p["type"]),
            level=lambda p: index(LEVELS, p["level"]), unit=lambda p: WORDS.units.index(p["unit"]),
            first=lambda p: p["first"], last=lambda p: p["last"], acting=lambda p: p["acting"],
        ),
        delegations=table(f.Delegations, "delegations", section=lambda d: SECTIONS.index(d["section"]), first=lambda d: d["first"]),
        works=table(f.Works, "works", day=lambda day: day),
        qualifications=table(f.Qualifications, "qualifications", code=WORDS.qualifications.index),
        passes=table(f.Passes, "passes", course=lambda t: WORDS.courses.index(t["course"]), day=lambda t: t["day"]),
        ratings=table(
            f.Ratings, "ratings", competency=lambda r: WORDS.competencies.index(r["competency"]),
            rating=lambda r: r["rating"], day=lambda r: r["day"],
        ),
        equivalents=tuple(f.Equivalent(c, e, a.toordinal(), b.toordinal()) for c, e, a, b in COURSES),
    )  # fmt: skip


def end(value):
    return OPEN if value is None else value.toordinal()


# Trees

_match = st.sampled_from([
    {"post": "assistant"}, {"post": "head", "position_type": "knowledge"}, {"position_type": "managerial", "level": "primary"},
    {"position_type": "general", "level": "senior", "unit_kind": "bureau"}, {"position_type": "managerial"},
])  # fmt: skip
_leaves = st.one_of(
    st.fixed_dictionaries({"kind": st.just("tenure"), "match": _match, "years": st.sampled_from([0, 1, 2, "0.5", "1.25"]),
                           "acting": st.booleans(), "now": st.booleans()}),
    st.fixed_dictionaries({"kind": st.just("sections"), "min": st.integers(0, 3), "while_holding": st.sampled_from([None, "assistant"])}),
    st.fixed_dictionaries({"kind": st.just("districts"), "match": _match, "min": st.integers(0, 3)}),
    st.fixed_dictionaries({"kind": st.just("works"), "works": st.integers(0, 3)}),
    st.fixed_dictionaries({"kind": st.just("qualification"), "code": st.sampled_from(["q1", "q9"])}),
    st.fixed_dictionaries({"kind": st.just("course"), "code": st.sampled_from(["course", "other"])}),
    st.fixed_dictionaries({"kind": st.just("competency"), "groups": st.sampled_from([None, ["core"], ["special"]])}),
    st.fixed_dictionaries({"kind": st.just("posting_and_works"), "match": _match, "works": st.integers(0, 2)}),
)  # fmt: skip


def _group(children):
    kinds = st.fixed_dictionaries(
        {"kind": st.sampled_from(["all", "any", "at_least"]), "of": st.lists(children, min_size=1, max_size=3)}
    )
    return kinds.flatmap(
        lambda g: st.integers(1, len(g["of"])).map(lambda k: {**g, "k": k}) if g["kind"] == "at_least" else st.just(g)
    )


def _named(document, name="n"):
    return {
        **document,
        "id": name,
        **({"of": [_named(c, f"{name}-{n}") for n, c in enumerate(document["of"])]} if "of" in document else {}),
    }


trees = _group(st.recursive(_leaves, _group, max_leaves=5)).map(_named)
