"""primum people: what only the operator at the machine may do for an account."""

from __future__ import annotations

import argparse

from primum.cli.home import database
from primum.cli.serve import say
from primum.cli.trouble import Failed


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("people", help="recover an account whose owner is locked out")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    recover = verbs.add_parser(
        "recover",
        help="after a lost phone: remove the second factor, print a new password once",
        description="For somebody who lost phone or password. Make sure it is them: whoever has "
        "the new password is that person to Primum. Their open sessions end. It is logged.",
    )
    recover.add_argument("username")
    recover.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when the account has its new password; 1 when there is no such account."""
    with database(say, needs_owner=True):
        from primum.actions.base import NotThere  # noqa: PLC0415 - after django.setup()
        from primum.actions.recover_account import recover_account  # noqa: PLC0415
        from primum.site import clock  # noqa: PLC0415

        try:
            password = recover_account(by=None, now=clock.now(), username=args.username)
        except NotThere:
            raise Failed(
                f"There is no active account “{args.username}”. Nothing was changed."
            ) from None
        say(f"{args.username} signs in with this password, shown only now, and then changes it.")
        print(password)
    return 0
