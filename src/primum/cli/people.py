"""primum people: what only the operator at the machine may do for an account."""

from __future__ import annotations

import argparse

from primum.cli.home import database
from primum.cli.serve import say
from primum.cli.trouble import Failed


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("people", help="make an account, or recover one")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    make = verbs.add_parser(
        "add",
        help="make an account and print its first password once",
        description="Make an account. With --post, seat the person in that post, if it is vacant: "
        "so a new mission gets its first holder. It is logged.",
    )
    make.add_argument("username")
    make.add_argument("--name", default="", help="the person's name as pages show it")
    make.add_argument("--languages", default="", help="codes with commas, for example fr,en")
    make.add_argument("--post", default="", help="the code of a vacant post in mission.yaml")
    recover = verbs.add_parser(
        "recover",
        help="after a lost phone: remove the second factor, print a new password once",
        description="For somebody who lost phone or password. Make sure it is them: whoever has "
        "the new password is that person to Primum. Their open sessions end. It is logged.",
    )
    recover.add_argument("username")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when the account has its password; 1 when it could not be made or found."""
    with database(say, needs_owner=True):
        from primum.actions.base import NotThere, Refused  # noqa: PLC0415 - after django.setup()

        try:
            password = _add(args) if args.verb == "add" else _recover(args)
        except NotThere:
            missing = f"post “{args.post}”" if args.verb == "add" else f"account “{args.username}”"
            raise Failed(f"There is no active {missing}. Nothing was changed.") from None
        except Refused as refused:
            raise Failed(f"{refused} Nothing was changed.") from None
        say(f"{args.username} signs in with this password, shown only now, and then changes it.")
        print(password)
    return 0


def _add(args: argparse.Namespace) -> str:
    from primum.actions.add_person import NewPerson, add_person  # noqa: PLC0415
    from primum.site import clock  # noqa: PLC0415

    languages = tuple(code.strip() for code in args.languages.split(",") if code.strip())
    wish = NewPerson(args.username, args.name, languages, args.post)
    return add_person(by=None, now=clock.now(), person=wish)[1]


def _recover(args: argparse.Namespace) -> str:
    from primum.actions.recover_account import recover_account  # noqa: PLC0415
    from primum.site import clock  # noqa: PLC0415

    return recover_account(by=None, now=clock.now(), username=args.username)
