"""Every read of the API: one small function a question, in front of the query that answers it.

A function takes the viewer, the moment, and the keys of its address by name; one that takes `after`
is a list, page by page. Its docstring is its documentation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from primum.api import gates
from primum.api.operations import Read
from primum.cases import facts
from primum.cases.queries import activity as one
from primum.cases.queries import (
    allegations,
    due,
    late,
    leadership,
    lists,
    looks,
    memory,
    policy,
    readings,
    shapes,
    surprises,
    telling,
)
from primum.cases.queries.party import PartySupport, support_of
from primum.cases.queries.wholes import Whole, whole
from primum.core import protocol
from primum.core.vocabulary import Verb
from primum.people import queries as people
from primum.people.sight import Viewer
from primum.register import queries as register

SHOWN: Final = 100
"""Lines of support on a party; its activities list them all."""


@dataclass(frozen=True, slots=True)
class Me:
    """Who this token acts as."""

    person: UUID
    post: UUID
    duties: tuple[str, ...]
    sees_to: int


@dataclass(frozen=True, slots=True)
class Desk:
    """What waits for this post, soonest first; below, what is late and was passed on to it."""

    decide: tuple[due.DueItem, ...]
    advise: tuple[due.DueItem, ...]
    do: tuple[due.DueItem, ...]
    look: tuple[due.DueItem, ...]
    authorities: tuple[due.DueItem, ...]
    to_read: tuple[telling.ToldLine, ...]
    looks_to_read: tuple[readings.ReadingItem, ...]
    effects: surprises.EffectsDesk
    handover: bool
    late: tuple[late.LateItem, ...]
    last_tick: datetime | None


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A report, why somebody held it to be so sure, and how it was weighed."""

    report: lists.ReportLine
    notes: tuple[lists.NoteLine, ...]
    weighings: tuple[allegations.AllegationLine, ...]


@dataclass(frozen=True, slots=True)
class ChainUnit:
    """A unit above (below nought) or below the one that was asked for, and how sure."""

    id: str
    name: str
    generation: int
    holding: str | None


@dataclass(frozen=True, slots=True)
class Commander:
    """Who commanded the unit, in the publisher's words, and how sure for that day."""

    person: str
    name: str
    role: str
    rank: str
    holding: str | None


@dataclass(frozen=True, slots=True)
class ChainPage:
    """The chain of command of a unit on a day, or over all time."""

    unit: UUID
    on: date | None
    units: tuple[ChainUnit, ...]
    commanders: tuple[Commander, ...]
    unsettled: int
    """Ties that no source settles for that day."""


@dataclass(frozen=True, slots=True)
class PlaceLine:
    id: UUID
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ProtocolPage:
    """A version as a document, with its questions as they are answered."""

    document: policy.Document
    text: str
    about: str
    questions: tuple[protocol.Question, ...]


def me(viewer: Viewer, _now: datetime) -> Me:
    """Who this token acts as, and what that post may do."""
    return Me(viewer.person, viewer.post, tuple(sorted(viewer.duties)), viewer.sees_to)


def desk(viewer: Viewer, now: datetime) -> Desk:
    """What waits for this post, soonest first."""
    found = due.desk(viewer, now)
    return Desk(
        **found,
        to_read=telling.to_read(viewer, now),
        looks_to_read=readings.waiting(viewer, now),
        effects=surprises.effects_desk(viewer, now),
        handover=memory.has_to_read(viewer, now),
        late=late.passed_on(viewer, now, found),
        last_tick=leadership.last_tick(viewer),
    )


def leadership_today(viewer: Viewer, now: datetime) -> leadership.Leadership:
    """What the leadership reads in the morning, with its numbers."""
    return leadership.leadership(viewer, now)


def activities(
    viewer: Viewer,
    _now: datetime,
    after: str,
    *,
    wanted: lists.Filter,
) -> Sequence[lists.ActivityLine]:
    """Activities, newest first; by words of the title or the reasons, by stage, by party."""
    return lists.activities(viewer, wanted, after)


def activity(viewer: Viewer, now: datetime, activity: UUID) -> shapes.ActivityPage | None:
    """One activity, as far as this post may know: all that its page shows."""
    return one.activity_page(viewer, activity, now)


def activity_timeline(
    viewer: Viewer, _now: datetime, after: str, *, activity: UUID
) -> Sequence[shapes.EntryLine]:
    """What was done to an activity, by which post, newest first."""
    return one.entries(viewer, activity, after)


def activity_told(viewer: Viewer, now: datetime, activity: UUID) -> tuple[telling.ToldLine, ...]:
    """What is told of its decisions, as far as it has gone."""
    return telling.telling(viewer, activity, now)


def explain(viewer: Viewer, now: datetime, activity: UUID) -> protocol.Explanation | None:
    """What would settle the Ruling of the last answers, and what would lower it.

    For the post that assesses, on what that post may see.
    """
    form = one.assessment_form(viewer, activity)
    if form is None:
        return None
    rules, given = form
    known = protocol.read_what_can_be(rules, given)
    return protocol.explain(rules, known, facts.facts_of(viewer, activity, now))


def look_form(viewer: Viewer, now: datetime, look: UUID) -> looks.LookForm | None:
    """A look with the questions that its protocol asks at it, and the ways it accepts."""
    return looks.look_page(viewer, look, now)


def told(viewer: Viewer, now: datetime, told: UUID) -> telling.ToldLine | None:
    """Words that wait for this post: to be read by a second one, or to be written anew."""
    return telling.told_page(viewer, told, now)


def parties(
    viewer: Viewer, _now: datetime, after: str, *, words: str = "", kind: str = ""
) -> Sequence[register.PartyLine]:
    """Parties by any of their names, accents and punctuation folded; by kind."""
    return register.find(viewer, words, kind, after)


def party(viewer: Viewer, _now: datetime, party: UUID) -> register.PartyPage | None:
    """What is known of a party, and from where."""
    return register.party_page(viewer, party)


def party_support(viewer: Viewer, now: datetime, party: UUID) -> PartySupport:
    """What the mission gives a party: delivered, approved, asked for."""
    return support_of(viewer, party, SHOWN, now)


def party_whole(viewer: Viewer, now: datetime, party: UUID) -> Whole | None:
    """What was found of the force as a whole; not there where nothing was."""
    return whole(viewer, party, now)


def party_chain(
    viewer: Viewer, _now: datetime, party: UUID, *, on: date | None = None
) -> ChainPage:
    """The chain of command of a unit on a day, or over all time."""
    chain, names, posted = register.chain_of(viewer, party, on)
    return ChainPage(
        unit=party,
        on=on,
        units=tuple(
            ChainUnit(node.id, names.get(node.id, ""), node.generation, node.holding)
            for node in chain.nodes
            if node.id != chain.unit
        ),
        commanders=tuple(
            Commander(
                each.posting.person,
                names.get(each.posting.person, ""),
                each.posting.role,
                each.posting.rank,
                each.holding,
            )
            for each in posted
        ),
        unsettled=len(chain.unknown),
    )


def party_postings(
    viewer: Viewer, _now: datetime, after: str, *, party: UUID
) -> Sequence[register.PostingLine]:
    """Who served in a unit, or where a person served, latest first."""
    return register.postings(viewer, party, after)


def party_reports(
    viewer: Viewer, _now: datetime, after: str, *, party: UUID
) -> Sequence[lists.ReportLine]:
    """Reports that name a party, as far as this post may know, newest first."""
    return lists.reports_of(viewer, party, after)


def party_sources(
    viewer: Viewer, _now: datetime, after: str, *, party: UUID
) -> Sequence[register.SourceLine]:
    """Where the ties of a party come from, by title."""
    return register.party_sources(viewer, party, after)


def party_timeline(
    viewer: Viewer, _now: datetime, after: str, *, party: UUID
) -> Sequence[shapes.EntryLine]:
    """What was done about a party, by which post, newest first."""
    return one.entries(viewer, party, after)


def reports(viewer: Viewer, _now: datetime, after: str) -> Sequence[lists.ReportLine]:
    """Every report that this post may know of, newest first."""
    return lists.reports(viewer, after)


def report(viewer: Viewer, _now: datetime, report: UUID) -> ReportPage | None:
    """One report: a claim, how sure it is and why, how it was weighed."""
    found = lists.report_page(viewer, report)
    if found is None:
        return None
    notes = lists.report_notes(viewer, report)
    return ReportPage(found, notes, allegations.weighed(viewer, report))


def support(
    viewer: Viewer,
    _now: datetime,
    after: str,
    *,
    wanted: register.SupportFilter,
) -> Sequence[register.SupportLine]:
    """Support that other donors published, latest year first."""
    return register.support(viewer, wanted, after)


def support_sets(viewer: Viewer, _now: datetime) -> tuple[register.SupportSet, ...]:
    """The published sets that those rows come from, and whose they are."""
    return register.support_sets(viewer)


def matches(
    viewer: Viewer, _now: datetime, after: str, *, state: str = "proposed", words: str = ""
) -> Sequence[register.MatchLine]:
    """“Are these two the same?”: proposed, confirmed or refused."""
    return register.match_page(viewer, state, words, after)


def protocols(viewer: Viewer, _now: datetime) -> tuple[policy.Version, ...]:
    """The version of each protocol that is in force."""
    return policy.protocols(viewer)


def protocols_waiting(viewer: Viewer, _now: datetime) -> tuple[policy.Version, ...]:
    """Versions that wait for a second post to put them in force."""
    return policy.waiting(viewer)


def protocol_document(viewer: Viewer, _now: datetime, version: UUID) -> ProtocolPage | None:
    """A version as a document: its text, its questions, what changed since the one before."""
    found = policy.document(viewer, version)
    if found is None:
        return None
    rules = facts.protocol_of(found.version)
    return ProtocolPage(found, found.version.text, rules.about, rules.questions)


def places(viewer: Viewer, _now: datetime) -> tuple[PlaceLine, ...]:
    """Places of the register, as proposals and reports name them."""
    return tuple(PlaceLine(key, names) for key, names in register.places(viewer))


def posts(viewer: Viewer, now: datetime) -> tuple[people.PostLine, ...]:
    """Every post of the mission, who holds it, and which stands above it."""
    return people.post_lines(viewer, now)


READS: Final[tuple[Read, ...]] = (
    Read("me", me),
    Read("desk", desk),
    Read("leadership", leadership_today, gates.leads),
    Read("activities", activities),
    Read("activities/{activity}", activity),
    Read("activities/{activity}/timeline", activity_timeline, gates.sees_activity),
    Read("activities/{activity}/told", activity_told, gates.sees_activity),
    Read("activities/{activity}/explain", explain, gates.may(Verb.ASSESS)),
    Read("looks/{look}", look_form),
    Read("told/{told}", told),
    Read("parties", parties),
    Read("parties/{party}", party),
    Read("parties/{party}/support", party_support, gates.sees_party),
    Read("parties/{party}/whole", party_whole, gates.sees_party),
    Read("parties/{party}/chain", party_chain, gates.sees_party),
    Read("parties/{party}/postings", party_postings, gates.sees_party),
    Read("parties/{party}/reports", party_reports, gates.sees_party),
    Read("parties/{party}/sources", party_sources, gates.sees_party),
    Read("parties/{party}/timeline", party_timeline, gates.sees_party),
    Read("reports", reports),
    Read("reports/{report}", report),
    Read("support", support),
    Read("support/sets", support_sets),
    Read("matches", matches),
    Read("protocols", protocols),
    Read("protocols/waiting", protocols_waiting),
    Read("protocols/{version}", protocol_document),
    Read("places", places),
    Read("posts", posts),
)
