"""Pages of the forecast: the coming years of every post, and the people and seats behind each figure."""

from typing import Any

from flask import redirect, render_template, request, url_for

from webapp.accounts.access import requires
from webapp.careers.words import in_language as named
from webapp.database import db
from webapp.errors import NotFound
from webapp.workforce import lists, pictures, queries
from webapp.workforce.outlook import Outlook
from webapp.workforce.pages import VIEW, blueprint, looked, outlook_of, year_asked
from webapp.workforce.plans.queries import adopted_plans
from webapp.workforce.rules import BENCH_YEARS


@blueprint.get("/workforce")
@requires(VIEW)
def overview() -> Any:
    """Which posts will lose whom, who is ready, and what gap that leaves."""
    seen = looked()
    found = outlook_of(seen)
    names = queries.names_of_posts(db.session)
    adopted = adopted_plans(db.session)
    return render_template(
        "workforce/overview.html", seen=seen, found=found, names=names, adopted=adopted,
        targets=[_target(found, one.code, named(names[one.code])) for one in found.targets],
        others=[found.forecasts[one.code] for one in found.posts if one.rule is None],
    )  # fmt: skip


def _target(found: Outlook, code: str, name: str) -> dict[str, Any]:
    """A target post's years as the page shows them."""
    forecast = found.forecasts[code]
    open_so_far = [found.open_by(code, index) for index in range(len(forecast.years))]
    bench = [year.ready or (0,) * (BENCH_YEARS + 1) for year in forecast.years]
    shown = [
        (year.fiscal_year, open_, ready[0], sum(ready[1:]))
        for year, open_, ready in zip(forecast.years, open_so_far, bench, strict=True)
    ]
    return {
        "code": code, "forecast": forecast, "open": open_so_far,
        "gaps": [found.gap(code, index) for index in range(len(forecast.years))],
        "empty": found.holders(code).empty, "picture": pictures.leavers_and_bench(name, shown),
    }  # fmt: skip


@blueprint.get("/workforce/posts/<path:code>")
@requires(VIEW)
def post(code: str) -> Any:
    """A post's part of the overview."""
    queries.covered_post(db.session, code)
    return redirect(url_for("workforce.overview", _anchor=code), 303)


@blueprint.get("/workforce/posts/<path:code>/leaving")
@requires(VIEW)
def leaving(code: str) -> Any:
    """Who of a post's holders retires at the end of a fiscal year, and why then."""
    seen, named_post = looked(), queries.covered_post(db.session, code)
    found = outlook_of(seen)
    index, so_far = year_asked(found), request.args.get("so_far") == "1"
    view, people = lists.leaving(db.session, found, code, index, so_far)
    return render_template(
        "workforce/leaving.html", seen=seen, found=found, post=named_post, index=index, table=view, rows=people,
        forecast=found.forecasts[code], empty=found.holders(code).empty, so_far=so_far,
    )  # fmt: skip


@blueprint.get("/workforce/posts/<path:code>/empty")
@requires(VIEW)
def empty(code: str) -> Any:
    """At which units seats of a post are empty."""
    seen, named_post = looked(), queries.covered_post(db.session, code)
    found = outlook_of(seen)
    view, units = lists.empty_seats(db.session, found, code)
    return render_template(
        "workforce/empty.html", seen=seen, found=found, post=named_post, table=view, rows=units,
        forecast=found.forecasts[code], empty=found.holders(code).empty,
    )  # fmt: skip


@blueprint.get("/workforce/posts/<path:code>/ready")
@requires(VIEW)
def ready(code: str) -> Any:
    """Who is on the bench of a post: ready now or in so many years, still in service after a fiscal year."""
    seen, named_post, found = _target_asked(code)
    index = year_asked(found)
    years = lists.years_asked()
    view, people = lists.bench(db.session, found, code, years, index)
    return render_template(
        "workforce/ready.html", seen=seen, found=found, post=named_post, index=index, years=years, table=view,
        rows=people, counts=found.forecasts[code].years[index].ready,
    )  # fmt: skip


@blueprint.get("/workforce/posts/<path:code>/pool")
@requires(VIEW)
def pool(code: str) -> Any:
    """Who by a fiscal year lacks only course and assessment: whom a plan can make ready."""
    seen, named_post, found = _target_asked(code)
    index = year_asked(found)
    source = lists.source_asked(found, code)
    view, people = lists.pool(db.session, found, code, index, source)
    return render_template(
        "workforce/pool.html", seen=seen, found=found, post=named_post, index=index, table=view, rows=people,
        source=source, **_words_of_chain(),
    )  # fmt: skip


def _target_asked(code: str) -> Any:
    """The day, the post and the outlook of a target post with criteria. Raises ``NotFound`` for another."""
    seen, named_post = looked(), queries.covered_post(db.session, code)
    found = outlook_of(seen)
    if found.of(code).rule is None:
        raise NotFound()
    return seen, named_post, found


@blueprint.get("/workforce/chain")
@requires(VIEW)
def chain() -> Any:
    """What filling the seats of the posts above empties below, at the end of a fiscal year."""
    seen = looked()
    found = outlook_of(seen)
    index = year_asked(found)
    return render_template(
        "workforce/chain.html", seen=seen, found=found, index=index, chain=found.chain(index), **_words_of_chain()
    )


def _words_of_chain() -> dict[str, Any]:
    from webapp.careers.queries import level_names

    return {"names": queries.names_of_posts(db.session), "levels": level_names(db.session)}


from webapp.workforce.plans import views as _plans  # noqa: E402, F401
from webapp.workforce.talent import views as _talent  # noqa: E402, F401
