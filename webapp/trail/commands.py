"""``kaona audit …``."""

import json
import sys

import click


@click.command()
@click.option("--json", "as_document", is_flag=True, help="Print one JSON document.")
@click.option("--head", "printed", default="", metavar="LENGTH:HASH", help="A head printed on a shortlist or export.")
def verify(as_document: bool, printed: str) -> None:
    """Walk the audit chain; exit 1 and the first bad entry if it was touched."""
    from webapp.database import db, only_reading
    from webapp.trail import verifying

    with only_reading():  # nobody who writes has to wait for the walk
        verdict = verifying.verify(db.session, printed=_head(printed) if printed else None)
    if as_document:
        click.echo(json.dumps(verifying.as_json(verdict), ensure_ascii=False))
    else:
        click.echo(verifying.sentence(verdict), err=not verdict.is_whole)
    sys.exit(0 if verdict.is_whole else 1)


def _head(printed: str) -> tuple[int, str]:
    from webapp.errors import BadInput

    length, _, digest = printed.partition(":")
    if not length.isdigit() or len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise BadInput("หัวของบันทึกต้องเป็น จำนวน:รหัส 64 ตัว เช่น 120:9f2c…")
    return int(length), digest


@click.command()
def head() -> None:
    """Print the head of the chain, signed, and the public key with which anybody can check the signature."""
    from webapp.audit import sign_head
    from webapp.database import db, only_reading

    with only_reading():
        signed = sign_head(db.session)
    click.echo(json.dumps(signed, ensure_ascii=False))
