"""The ranking once more, in plain fractions and sorting, one person at a time: what the fast one must agree with."""

from fractions import Fraction


def naive_ranking(plan, people):
    """``{officer_no: (rank, composite text, shortlisted, tied)}`` for the ranked, ``{officer_no: {codes}}`` for the rest."""
    ranked, others = [], {}
    for p in people:
        reasons = {"withdrawn"} if p["withdrawn"] else set()
        for c in plan.components:
            score = p["scores"].get(c.code)
            if score is None:
                reasons.add(("missing-score", c.code))
            elif c.pass_percent is not None and score * 100 / c.maximum < c.pass_percent:
                reasons.add(("below-pass-mark", c.code))
        gates = plan.gates
        if gates.attendance_percent is not None and p["attended"] * 100 / p["held"] < gates.attendance_percent:
            reasons.add("attendance-below")
        if gates.coaching_hours is not None and Fraction(p["minutes"], 60) < gates.coaching_hours:
            reasons.add("coaching-below")
        if gates.project_accepted and not p["accepted"]:
            reasons.add("project-not-accepted")
        if reasons:
            others[p["officer_no"]] = {"withdrawn"} if p["withdrawn"] else reasons
            continue
        exact = sum((c.weight * p["scores"][c.code] / c.maximum for c in plan.components), Fraction())
        units = int(exact * 10**plan.decimals + Fraction(1, 2))
        personal = {"level_tenure": -p["level_tenure"], "entry_date": p["entry_date"]}
        ties = [personal[t] if t in personal else -p["scores"][t] for t in plan.tie_breakers]
        ranked.append(((-units, *ties), p["officer_no"], units))
    ranked.sort()
    ranks = {no: 1 + sum(k < key for k, _, _ in ranked) for key, no, _ in ranked}
    within = [no for no, rank in ranks.items() if rank <= plan.size]
    last = max((ranks[no] for no in within), default=0)
    tied = {no for no in within if ranks[no] == last} if len(within) > plan.size else set()
    return {no: (ranks[no], units, no in within, no in tied) for _, no, units in ranked}, others
