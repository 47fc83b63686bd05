"""The criteria once more, for one officer at a time, in the words of the domain page: what the columns must agree with.

An officer is a dictionary of lists of plain facts; dates are dates.
"""

import datetime as dt
from fractions import Fraction

from webapp.careers.tenure import tenure

DAY = dt.timedelta(days=1)


def fits(node, posting):
    """True, False, or None where the posting's type or level is not known."""
    m = node.match
    if posting["acting"] and not node.acting:
        return False
    if (m.post and posting["post"] != m.post) or (m.unit_kind and posting["kind"] != m.unit_kind):
        return False
    asked = [(m.position_type, posting["type"]), (m.level, posting["level"])]
    if any(want and have and want != have for want, have in asked):
        return False
    return None if any(want and not have for want, have in asked) else True


def leaf(node, o, day, expected, courses):
    """(found, met) of a leaf for an officer on a day."""
    if node.kind == "qualification":
        return int(node.code in o["qualifications"]), node.code in o["qualifications"]
    if node.kind == "course":
        ok = any(
            t["day"] <= day and (t["course"] == node.code or any(
                c == node.code and e == t["course"] and a <= t["day"] <= b for c, e, a, b in courses))
            for t in o["passes"])  # fmt: skip
        return int(ok), ok
    if node.kind == "competency":
        asked = [e for e in expected if node.groups is None or e.group in node.groups]
        good = 0
        for e in asked:
            rated = [r for r in o["ratings"] if r["competency"] == e.competency and r["day"] <= day]
            last = max((r["day"] for r in rated), default=None)
            good += bool(rated) and min(r["rating"] for r in rated if r["day"] == last) >= e.level
        return good, good == len(asked)
    works = sum(w <= day for w in o["works"])
    if node.kind == "works":
        return works, works >= node.amount
    if node.kind == "sections":
        counted = [d for d in o["delegations"] if d["first"] <= day]
        if node.while_holding:
            counted = [d for d in counted if any(
                p["post"] == node.while_holding and not p["acting"] and p["first"] <= d["first"] <= (p["last"] or dt.date.max)
                for p in o["postings"])]  # fmt: skip
        found = len({d["section"] for d in counted})
        return found, found >= node.amount
    sure = [p for p in o["postings"] if fits(node, p) is True]
    might = [p for p in o["postings"] if fits(node, p) is not False]
    one, two = (on_postings(node, rows, works, day) for rows in (sure, might))
    return one[0], True if one[1] else (None if two[1] else False)


def on_postings(node, postings, works, day):
    begun = [p for p in postings if p["first"] <= day]
    if node.kind == "districts":
        found = len({p["unit"] for p in begun if p["kind"] == "district"})
        return found, found >= node.amount
    if node.kind == "posting_and_works":
        return works, bool(begun) and works >= node.amount
    days = tenure([(p["first"], p["last"]) for p in postings], day)
    met = bool(begun) and Fraction(days, 360) >= node.amount
    if node.now:
        met = met and any(p["last"] is None or p["last"] >= day for p in begun)
    return days, met


def verdict(node, o, day, expected, courses):
    """True, False or None, by Kleene's tables."""
    if not node.is_group:
        return leaf(node, o, day, expected, courses)[1]
    said = [verdict(child, o, day, expected, courses) for child in node.of]
    needed = {"all": len(said), "any": 1, "at_least": node.k}[node.kind]
    if said.count(True) >= needed:
        return True
    return None if said.count(True) + said.count(None) >= needed else False


def first_day_met(node, o, day, expected, courses):
    while day < o["retires"]:
        if verdict(node, o, day, expected, courses) is True:
            return day
        day += DAY
    return None
