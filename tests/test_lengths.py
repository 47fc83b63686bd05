"""No text longer than its column is kept, on any database, and no half character: refused in one sentence by the rule."""

import pytest
from sqlalchemy import String, inspect

from tests.people import account
from webapp.accounts.models import Account
from webapp.careers.models import Unit
from webapp.database import Base
from webapp.errors import RuleBroken
from webapp.imports.kinds import KINDS
from webapp.lengths import check_texts, whole


def test_every_text_column_of_every_table_has_its_limit_checked(app):
    looked_at = 0
    for mapper in Base.registry.mappers:
        for attribute in mapper.column_attrs:
            column = attribute.columns[0]
            if type(column.type) is not String:
                continue
            assert column.type.length, f"{column} has no limit"
            looked_at += 1
            check_texts(mapper.class_(**{attribute.key: "ก" * column.type.length}))
            with pytest.raises(RuleBroken, match=str(column.type.length)):
                check_texts(mapper.class_(**{attribute.key: "ก" * (column.type.length + 1)}))
    assert looked_at > 60


def test_a_text_too_long_is_refused_by_name_when_it_is_written_and_nothing_is_kept(app, session):
    session.add(Unit(code="X-1", name_th="ก" * 301, name_en="", kind="office"))
    with pytest.raises(RuleBroken, match=r"ชื่อ \(ไทย\).*300.*301"):
        session.flush()
    session.rollback()
    made = account("institute")
    made.name = "ก" * 500
    with pytest.raises(RuleBroken):
        session.commit()
    session.rollback()
    assert session.get(Account, made.id).name != "ก" * 500


def test_half_a_character_is_refused_wherever_it_stands(app, session):
    for text in ("ก\ud800", "a\0b"):
        with pytest.raises(RuleBroken):
            check_texts(Account(name=text))
    with pytest.raises(RuleBroken):
        whole('{"a":"\udfff"}')


CHECKED_AGAINST_THE_KNOWN = ("position_type", "level")


def test_imports_which_write_without_rows_read_no_more_than_the_columns_keep():
    for kind in KINDS.values():
        columns = {column.name: column for column in kind.columns}
        for one in (*kind.key_fields, *kind.fields):
            column = columns.get(one.name)
            stored = inspect(kind.model).columns.get(one.stored)
            longest = getattr(column and column.type, "longest", None)
            if stored is None or stored.foreign_keys or one.name in CHECKED_AGAINST_THE_KNOWN:
                continue
            if longest is not None and type(stored.type) is String:
                assert longest <= stored.type.length, f"{kind.name}.{one.name}"
