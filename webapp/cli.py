"""The ``kaona`` command: names here, work in the rooms, loaded only when called so that help is quick."""

import copy
import importlib
import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import click

Tree = dict[str, Any]

COMMANDS: Tree = {
    "init": ("webapp.commands:init", "Create or upgrade the database and load the shipped reference data."),
    "demo": ("webapp.demo.commands:demo", "Build the invented demonstration data in an empty database."),
    "run": ("webapp.commands:run", "Serve the pages and work through the jobs."),
    "doctor": ("webapp.commands:doctor", "Check configuration, database, storage and fonts, and say what to fix."),
    "backup": ("webapp.commands:backup", "Copy the database and the stored files while running, and verify the copy."),
    "restore": ("webapp.commands:restore", "Put a backup in place; a damaged one is refused."),
    "import": ("webapp.imports.commands:import_", "Bring in a workbook or CSV file: kaona import KIND FILE."),
    "import-template": ("webapp.imports.commands:import_template", "Write an empty workbook for an import kind."),
    "account": {
        "": "Sign-ins.",
        "create": ("webapp.accounts.commands:create", "Make a sign-in and print a one-time link."),
        "invite": ("webapp.accounts.commands:invite", "Print a new one-time link for an account."),
        "disable": ("webapp.accounts.commands:disable", "Close an account and all its sign-ins."),
    },
    "cohort": {
        "": "Cohorts of a course.",
        "load": ("webapp.assessments.commands:load", "Set up a cohort from a YAML file."),
        "rank": ("webapp.shortlist.commands:rank", "Rank a cohort without freezing anything."),
        "close": ("webapp.shortlist.commands:close", "Close a cohort and write its training records."),
    },
    "shortlist": {
        "": "Shortlist runs.",
        "run": ("webapp.shortlist.commands:run", "Freeze a draft shortlist."),
        "verify": ("webapp.shortlist.commands:verify", "Recompute a run from what it froze."),
    },
    "scorecard": {
        "": "Scorecards to Excel.",
        "export": ("webapp.exports.commands:scorecard", "Write a cohort's scorecards, or one officer's."),
    },
    "record": {
        "": "Development records.",
        "export": ("webapp.exports.commands:record", "Write one officer's record as .xlsx, .pdf or .json."),
    },
    "eligibility": ("webapp.readiness.commands:eligibility", "Who meets a post's criteria, and what if."),
    "workforce": {
        "": "Retirement and readiness.",
        "forecast": ("webapp.workforce.commands:forecast", "Leavers, vacancies and bench per fiscal year."),
    },
    "audit": {
        "": "The audit chain.",
        "verify": ("webapp.trail.commands:verify", "Walk the audit chain and name the first bad entry."),
        "head": ("webapp.trail.commands:head", "Print the head of the chain, signed for outsiders."),
    },
}


class Lazy(click.Group):
    """A group whose commands are imported when they are called; its help lists them without importing any."""

    def __init__(self, tree: Tree, **settings: Any) -> None:
        super().__init__(**settings)
        self.tree = tree

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name in self.tree if name]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        entry = self.tree.get(name)
        if entry is None or not name:
            return None
        if isinstance(entry, dict):
            return Lazy(entry, name=name, help=entry[""])
        module, _, attribute = entry[0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return prepared(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, entry[""] if isinstance(entry, dict) else entry[1]) for name, entry in self.tree.items() if name]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def prepared(command: click.Command) -> click.Command:
    """A copy of the command with ``--as EMAIL``, run inside the application, its refusals said in one sentence."""
    ready = copy.copy(command)
    acting_as = click.Option(
        ["--as", "acting_as"], metavar="EMAIL", expose_value=False, callback=_act_as, help="Act as an account."
    )
    ready.params = [*command.params, acting_as]
    if command.callback is not None:
        ready.callback = _inside_the_application(command.callback)
    return ready


def _act_as(ctx: click.Context, _option: click.Parameter, value: str | None) -> None:
    if value:
        ctx.find_root().meta["kaona.as"] = value


def _inside_the_application(callback: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(callback)
    def called(*args: Any, **kwargs: Any) -> Any:
        from config import Config, UnsafeSettings

        try:
            config = Config.from_environment()
        except UnsafeSettings as error:
            click.echo(str(error), err=True)
            sys.exit(2)
        from flask_babel import gettext
        from sqlalchemy.exc import OperationalError, ProgrammingError

        from webapp.app import create_app
        from webapp.errors import BadInput, NotFound, Refused

        with create_app(config, pages=False).app_context():
            try:
                return callback(*args, **kwargs)
            except Refused as refused:
                click.echo(gettext(refused.message, **refused.values), err=True)
                sys.exit(2 if isinstance(refused, (BadInput, NotFound)) else 1)
            except (OperationalError, ProgrammingError) as error:
                click.echo(gettext("ใช้ฐานข้อมูลไม่ได้: %(why)s (เริ่มต้นด้วยคำสั่ง kaona init)", why=error.orig), err=True)
                sys.exit(2)
            except UnicodeEncodeError:
                click.echo(gettext("คำสั่งมีอักขระที่อ่านไม่ได้ กรุณาพิมพ์ใหม่"), err=True)
                sys.exit(2)

    return called


def acting() -> Any:
    """Whoever the command acts as: ``operator`` with the system's user and host, or the account of ``--as``."""
    from webapp.accounts.queries import actor_for_email
    from webapp.audit import Actor
    from webapp.database import db

    email = click.get_current_context().find_root().meta.get("kaona.as")
    if email:
        return actor_for_email(db.session, email)
    import getpass
    import socket

    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = str(os.getuid())
    return Actor(kind="operator", name=f"operator ({user}@{socket.gethostname()})", role="operator")


@click.command(
    cls=Lazy,
    tree=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    help="Kaona (ก้าวหน้า): from a roster workbook to a shortlist that stands up to scrutiny.",
)
@click.option("--as", "acting_as", metavar="EMAIL", expose_value=False, callback=_act_as, help="Act as an account.")
@click.version_option(package_name="kaona", prog_name="kaona")
def main() -> None:
    """The console script."""


if __name__ == "__main__":
    main()
