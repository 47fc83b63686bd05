"""What hands do on the pages: open a form, fill it, send it."""

import re

from sqlalchemy import select

from tests.people import account
from webapp.officers.models import Officer
from webapp.shortlist.models import ShortlistRun


def token(page):
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text).group(1)


def hidden(page, name):
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page.text)
    return found.group(1) if found else ""


def send(client, path, **fields):
    """Open the page, then send its form with these fields."""
    page = client.get(path)
    assert page.status_code == 200, path
    data = {"csrf_token": token(page), "version": hidden(page, "version"), "key": hidden(page, "key"), **fields}
    return client.post(path, data=data)


def only_run(session):
    session.expire_all()
    return session.scalars(select(ShortlistRun).order_by(ShortlistRun.id.desc())).first()


def publish_first(session, client, sign_in, staff, second):
    """A run drawn up, decided, confirmed and published by two people."""
    sign_in(client, account=staff)
    assert send(client, "/cohorts/DD-2569-1/shortlist/new", size="5").status_code == 303
    run = only_run(session)
    assert send(client, f"/shortlists/{run.id}/tie", chosen=["A5"], reason="ประสบการณ์ตรง").status_code == 303
    assert send(client, f"/shortlists/{run.id}/confirm").status_code == 303
    sign_in(client, account=second)
    assert send(client, f"/shortlists/{run.id}/publish", reason="คะแนนแก้ไข").status_code == 303
    return only_run(session)


def officer_account(session, number, *roles):
    made = account("officer", *roles)
    session.scalar(select(Officer).where(Officer.officer_no == number)).account_id = made.id
    session.commit()
    return made
