"""The figures of a feasibility question from the database, as pages, saved scenarios and the demonstration ask for them."""

import datetime as dt
from collections.abc import Iterable

from sqlalchemy.orm import Session

from webapp.careers.criteria.evaluation import Rule, evaluate
from webapp.careers.models import Post
from webapp.readiness import figures, neighbors, queries
from webapp.records.eligibility import Change
from webapp.records.facts import traits


def feasibility_figures(
    session: Session,
    post: Post,
    base: Rule,
    changes: Iterable[Change],
    as_of: dt.date,
    pair: tuple[str, str] | None = None,
) -> figures.Document:
    """Everybody judged by the profile's own numbers and by the changed ones, and the seats to fill."""
    facts = queries.facts_for(session, [base.tree])
    own = evaluate(base, facts, as_of.toordinal())
    sexes, births = traits(session, facts)
    seats = neighbors.vacancies(session, facts, post, as_of)
    return figures.document(own.what_if(changes), own, sexes=sexes, births=births, vacancies=seats, pair=pair)
