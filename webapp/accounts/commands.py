"""``kaona account …``: the same operations from the command line."""

import click


def _print_link(email: str, address: str, until: object) -> None:
    click.echo(address)
    click.echo(f"{email}: this link works once, until {until:%Y-%m-%d %H:%M} UTC.", err=True)


@click.command()
@click.argument("email")
@click.option(
    "--role", "roles", multiple=True, required=True, metavar="ROLE", help="A role; may be given several times."
)
@click.option("--officer", "officer_no", default="", metavar="NO", help="The officer whose sign-in this is.")
@click.option("--name", default="", help="The person's name; the officer's where --officer is given.")
def create(email: str, roles: tuple[str, ...], officer_no: str, name: str) -> None:
    """Make a sign-in and print a one-time link on which its owner chooses the password."""
    from webapp.accounts import links, operations
    from webapp.accounts.neighbors import officers
    from webapp.cli import acting
    from webapp.database import db

    actor = acting()
    account = operations.create_account(
        db.session, actor, email=email, name=name, roles=roles, officer_no=officer_no.strip()
    )
    if officer_no and not name:
        found = officers().named(db.session, account.id)
        account.name = found[1] if found else account.name
    link = operations.invite(db.session, actor, account, by_mail=False)
    address, until = links.address_of(link), link.expires_at
    db.session.commit()
    _print_link(account.email, address, until)


@click.command()
@click.argument("email")
def invite(email: str) -> None:
    """Print a new one-time link for an account; earlier ones stop working."""
    from webapp.accounts import links, operations
    from webapp.accounts.queries import account_by_email
    from webapp.cli import acting
    from webapp.database import db

    account = account_by_email(db.session, email)
    link = operations.invite(db.session, acting(), account, by_mail=False)
    address, until = links.address_of(link), link.expires_at
    db.session.commit()
    _print_link(account.email, address, until)


@click.command()
@click.argument("email")
@click.option("--reason", required=True, help="Why; kept in the audit log.")
def disable(email: str, reason: str) -> None:
    """Close an account and all its sign-ins."""
    from webapp.accounts import operations
    from webapp.accounts.queries import account_by_email
    from webapp.cli import acting
    from webapp.database import db

    account = account_by_email(db.session, email, closed_too=True)
    operations.disable(db.session, acting(), account, reason=reason)
    db.session.commit()
    click.echo(f"{account.email} is closed.", err=True)
