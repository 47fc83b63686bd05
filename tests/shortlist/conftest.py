"""A cohort of eight and two members of staff, for the pages of the shortlist."""

import pytest

from tests.people import account
from tests.shortlist import world


@pytest.fixture
def cohort(session):
    return world.five_and_more(session)


@pytest.fixture
def staff():
    return account("institute", name="นางพรทิพย์")


@pytest.fixture
def second():
    return account("institute", name="นายสมชาย")
