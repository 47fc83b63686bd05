"""Facts kept between pages are those of the database: any commit, by anybody, and they are read anew."""

import datetime as dt

import pytest
from sqlalchemy import text

from tests.readiness import world
from webapp.database import db, own_transaction, reading_only
from webapp.officers.models import Officer
from webapp.records.in_hand import facts_in_hand


@pytest.fixture
def page():
    """Everybody's facts as a page reads them."""

    def read():
        db.session.commit()
        before = reading_only.set(True)
        try:
            return facts_in_hand(db.session)
        finally:
            db.session.rollback()
            reading_only.reset(before)

    return read


def test_facts_are_kept_until_something_is_committed(any_database, session, page):
    world.fill(session, count=5)
    first = page()
    assert page() is first
    session.query(Officer).order_by(Officer.id).first().entry_date = dt.date(1990, 5, 5)
    session.commit()  # by the same connection
    second = page()
    assert second is not first
    assert dt.date(1990, 5, 5).toordinal() in second.entry.tolist()
    with own_transaction() as own:  # by another one
        own.execute(text("UPDATE officer SET entry_date = '1991-06-06'"))
    assert set(page().entry.tolist()) == {dt.date(1991, 6, 6).toordinal()}


def test_what_is_not_committed_is_never_kept(session, page):
    world.fill(session, count=3)
    page()
    session.query(Officer).first().entry_date = dt.date(1990, 5, 5)
    session.flush()
    assert dt.date(1990, 5, 5).toordinal() in facts_in_hand(session).entry.tolist()
    session.rollback()
    assert dt.date(1990, 5, 5).toordinal() not in page().entry.tolist()
