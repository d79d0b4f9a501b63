"""primum ledger: whether the log stands as it was written."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from primum.cli.home import owners_only
from primum.cli.serve import say

if TYPE_CHECKING:
    from primum.cases.verify import Verdict

SHOWN = 200


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("ledger", help="verify the append-only log")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    verify = verbs.add_parser(
        "verify",
        help="recompute every chain and checkpoint, and name what was altered",
        description="Recompute every line, chain and checkpoint of the ledger, as the database's "
        "owner, and name whatever was altered, moved, cut or lost. Others may go on working.",
    )
    verify.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when the ledger stands as it was written; 1 when it does not."""
    with owners_only(say):
        from primum.cases.verify import verify  # noqa: PLC0415 - after django.setup()

        verdict = verify()
        print("\n".join(_report(verdict)))
    return 0 if verdict.whole else 1


def _report(verdict: Verdict) -> list[str]:
    said = [
        f"{verdict.cases:,} cases, {verdict.lines:,} lines, {verdict.checkpoints:,} checkpoints "
        f"({verdict.recomputed:,} roots recomputed)."
    ]
    said += [f"  {fault}" for fault in verdict.faults[:SHOWN]]
    rest = len(verdict.faults) - SHOWN + verdict.more
    if rest > 0:
        said.append(f"  and {rest:,} more")
    if not verdict.whole:
        said.append("The ledger does not stand as it was written. Keep this database as it is.")
        return said
    said.append("The ledger stands as it was written.")
    if verdict.newest:
        number, root = verdict.newest
        said.append(
            f"Root of checkpoint {number}: {root}\n"
            f"Compare it with one kept elsewhere: whoever controls the whole database could "
            f"rewrite it all."
        )
    return said
