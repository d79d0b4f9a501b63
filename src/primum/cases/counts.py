"""What the audit counts: one row a count, with its words, who counts it, and its SQL.

A new count is a new row; before a release nothing else is needed, after one a migration makes the
two functions of `0012_counts` anew. Each row's SQL lists what it looks at:

    record, activity, post, seal, hit, seconds

`hit` is true for what is counted; the others are the rest, so that every number says what it leaves
out. `post` is whose number it is. Who sees `seal` may be told of this very row. `asked` (below) is
the cases in question, `p_at` the moment.

The engine counts every case at component level, whoever asks (SETTLED 20): looks, commitments and
decisions. What touches reports, answers or rulings is counted by sight: of what the viewer reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _

from primum.cases import counts_sql as sql


class Counter(StrEnum):
    """Who counts."""

    ENGINE = "engine"
    SIGHT = "sight"


@dataclass(frozen=True, slots=True)
class Count:
    """One count: what is sought, what the rest is, and where it is found."""

    code: str
    section: str
    title: object
    rest: object
    """What those are that it looked at and did not count."""
    sql: str
    by: Counter = Counter.ENGINE
    median: bool = False
    """Its figure is the median of its seconds."""


SECTIONS: Final[Mapping[str, object]] = {
    "asking": _("Asking"),
    "deciding": _("Deciding"),
    "looking": _("Looking"),
    "keeping": _("What was promised"),
    "harm": _("Harm"),
}

COUNTS: Final[tuple[Count, ...]] = (
    Count(
        "asked_before",
        "asking",
        _("Asked before the first delivery"),
        _("asked after the fact"),
        sql.of_cases("delivered IS NULL OR coalesce(decided <= delivered, false)"),
    ),
    Count(
        "changed_by_asking",
        "asking",
        _("Changed by asking: conditions, a part, not now or no"),
        _("left as it was proposed"),
        sql.CHANGED,
    ),
    Count(
        "answers_changed",
        "asking",
        _("Answers changed after a ruling was shown, or in a new assessment"),
        _("answers as first given"),
        sql.ANSWERS_CHANGED,
        Counter.SIGHT,
    ),
    Count(
        "no_mandate",
        "asking",
        _("Without a mandate objective"),
        _("with one"),
        sql.of_cases("btrim(mandate_objective) = ''"),
    ),
    Count(
        "only_authorities",
        "asking",
        _("Only authorities were heard"),
        _("others were heard, or it is not said who"),
        sql.of_cases("""heard = '["authorities"]'::jsonb"""),
    ),
    Count(
        "nobody_heard",
        "asking",
        _("Nobody was heard, or it is not said who"),
        _("somebody was heard"),
        sql.of_cases("""heard <@ '["nobody"]'::jsonb"""),
    ),
    Count(
        "emergencies",
        "asking",
        _("Begun as an emergency"),
        _("begun otherwise"),
        sql.of_cases("emergency_since IS NOT NULL"),
    ),
    Count(
        "exemptions",
        "asking",
        _("Lines claimed to be exempt from the policy"),
        _("not claimed"),
        sql.of_lines("l.exempt <> ''"),
    ),
    Count(
        "exemptions_agreed",
        "asking",
        _("Exemptions that the assessing post agreed to"),
        _("not agreed to, or not assessed"),
        sql.of_lines(
            "coalesce(l.id = ANY (s.exempt), false)",
            "coalesce(s.seal_id, a.seal)",
            "l.exempt <> ''",
        ),
    ),
    Count(
        "splits",
        "asking",
        _("Beside others to the same parties above a limit that each stays under"),
        _("no sign of splitting"),
        sql.SPLIT,
    ),
    Count(
        "hours_to_decide",
        "deciding",
        _("Decided: median hours from asking"),
        _("not decided yet"),
        sql.of_cases(
            "decided IS NOT NULL",
            "decided IS NOT NULL OR stage IN ('proposed', 'assessed')",
            "extract(epoch FROM decided - since)::bigint",
        ),
        median=True,
    ),
    Count(
        "waiting",
        "deciding",
        _("Waiting for a post for more than seven days"),
        _("waiting for less"),
        sql.WAITING,
    ),
    Count("go", "deciding", _("Go"), _("decided otherwise"), sql.of_decisions("d.choice = 'go'")),
    Count(
        "go_with_conditions",
        "deciding",
        _("Go with conditions"),
        _("decided otherwise"),
        sql.of_decisions("d.choice = 'go_with_conditions'"),
    ),
    Count(
        "in_part",
        "deciding",
        _("In part"),
        _("decided otherwise"),
        sql.of_decisions("d.choice = 'in_part'"),
    ),
    Count(
        "not_now",
        "deciding",
        _("Not now"),
        _("decided otherwise"),
        sql.of_decisions("d.choice = 'not_now'"),
    ),
    Count("no", "deciding", _("No"), _("decided otherwise"), sql.of_decisions("d.choice = 'no'")),
    Count(
        "refused",
        "deciding",
        _("Refused: not now, or no"),
        _("decided otherwise"),
        sql.of_decisions("d.choice IN ('not_now', 'no')"),
    ),
    Count(
        "not_now_old",
        "deciding",
        _("“Not now” for more than sixty days"),
        _("for less"),
        sql.NOT_NOW_OLD,
    ),
    Count(
        "withdrawn_after_objection",
        "deciding",
        _("Withdrawn after an adviser objected"),
        _("withdrawn without an objection"),
        sql.OBJECTED,
    ),
    Count(
        "same_reasons",
        "deciding",
        _("Decided with the very same reasons as an earlier case"),
        _("with reasons of their own"),
        sql.SAME_REASONS,
    ),
    Count(
        "gap",
        "deciding",
        _("Decided otherwise than the ruling recommended"),
        _("decided as recommended"),
        sql.GAP,
        Counter.SIGHT,
    ),
    Count(
        "further",
        "deciding",
        _("Went further than the ruling recommended"),
        _("went as far or less far"),
        sql.FURTHER,
        Counter.SIGHT,
    ),
    Count(
        "unconfirmed",
        "deciding",
        _("Decisions on behalf, unconfirmed after their time"),
        _("confirmed, or still in time"),
        sql.of_decisions(
            "d.confirm_by < p_at AND d.confirmed IS NULL",
            f"d.confirm_by IS NOT NULL AND {sql.STANDS}",
        ),
    ),
    Count(
        "disowned",
        "deciding",
        _("Decisions on behalf that their signer did not make"),
        _("not struck"),
        sql.of_decisions(
            """EXISTS (SELECT 1 FROM cases_decision x
            WHERE x.supersedes_id = d.id AND x.kind = 'disowned')""",
            "d.kind = 'decide' AND d.signed_by_id IS NOT NULL",
        ),
    ),
    Count(
        "looked_after",
        "looking",
        _("Looked after at least once, of the cases with a look that fell due"),
        _("never looked after"),
        sql.LOOKED_AFTER,
    ),
    Count(
        "looks_made",
        "looking",
        _("Looks made, of those that fell due"),
        _("not made"),
        sql.of_looks("l.state = 'made'", sql.FALLEN_DUE),
    ),
    Count(
        "looks_overdue",
        "looking",
        _("Looks overdue, of those still open"),
        _("not overdue"),
        sql.of_looks("l.due + make_interval(days => l.grace_days) < p_at", "l.state = 'open'"),
    ),
    Count(
        "lapsed",
        "looking",
        _("Approvals that lapsed"),
        _("did not lapse"),
        sql.of_cases("stage = 'lapsed'", "approved_until IS NOT NULL"),
    ),
    Count(
        "breaches",
        "looking",
        _("Deliveries that no approval covers"),
        _("covered"),
        sql.BREACHES,
    ),
    Count(
        "releases",
        "keeping",
        _("Looks and commitments released"),
        _("not released"),
        sql.RELEASED,
    ),
    *(
        Count(
            f"commitments_{state}",
            "keeping",
            title,
            _("in another state"),
            sql.of_commitments(f"c.state = '{state}'"),
        )
        for state, title in (
            ("open", _("Commitments open")),
            ("kept", _("Commitments kept")),
            ("partly_kept", _("Commitments partly kept")),
            ("broken", _("Commitments broken")),
            ("could_not_check", _("Commitments that could not be checked")),
            ("released", _("Commitments released")),
        )
    ),
    Count(
        "commitments_overdue",
        "keeping",
        _("Commitments past their day without an answer"),
        _("not due yet"),
        sql.of_commitments("c.due < p_at", "c.state IN ('open', 'could_not_check')"),
    ),
    Count(
        "broken_answered",
        "keeping",
        _("Broken commitments answered by a decision in time"),
        _("not answered in time"),
        sql.of_commitments(sql.ANSWERED_IN_TIME, "c.decision_due IS NOT NULL"),
    ),
    Count(
        "harm_answered",
        "harm",
        _("Reports of harm that somebody has assessed"),
        _("heard, and no more"),
        sql.HARM_ANSWERED,
        Counter.SIGHT,
    ),
    Count(
        "harm_supported",
        "harm",
        _("Reports of harm that name somebody we support"),
        _("name others"),
        sql.HARM_SUPPORTED,
        Counter.SIGHT,
    ),
)

BY_CODE: Final[Mapping[str, Count]] = {count.code: count for count in COUNTS}


def counted(by: Counter) -> str:
    """All rows of the counts of one counter, in one common table, ready for a SELECT behind it."""
    rows = "\n    UNION ALL ".join(
        f"SELECT '{count.code}'::text AS code, r.* FROM ({count.sql})"
        f" r(record, activity, post, seal, hit, seconds) WHERE '{count.code}' = ANY (p_codes)"
        for count in COUNTS
        if count.by is by
    )
    level = "s.level <= 1" if by is Counter.ENGINE else "true"
    return f"""WITH {sql.asked(level)}, counted AS (
    SELECT c.*, c.seal = ANY ((SELECT visible_seals())::uuid[])
        OR coalesce(c.post = (SELECT post FROM viewer_of()), false) AS sees
    FROM ({rows}) c
)"""


# The total of each count (no post), and each post's part of it: of what this viewer may open alone.
SUMS: Final = """
SELECT code, post, GROUPING(post) = 1, count(*) FILTER (WHERE hit)::int, count(*)::int,
    count(*) FILTER (WHERE hit AND sees)::int, count(*) FILTER (WHERE sees)::int,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds)::bigint
FROM counted GROUP BY GROUPING SETS ((code), (code, post))"""
LISTED: Final = """
SELECT activity, record, post, seconds FROM counted
WHERE sees AND hit = p_hit AND record > p_after ORDER BY record LIMIT p_most"""
