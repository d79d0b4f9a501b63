"""Who finds an operation there at all: what the pages ask before they show a form, asked again."""

from __future__ import annotations

from datetime import datetime

from primum.actions.enter_party import ENTERS
from primum.actions.hold_meeting import WRITES
from primum.actions.match_report import MATCHES
from primum.actions.record_step import RECORDS
from primum.api.operations import Gate, Keys
from primum.cases.queries import activity as one
from primum.cases.queries import audit, lists, looks, policy, telling
from primum.cases.queries.shapes import ActivityPage
from primum.core import authority
from primum.core.vocabulary import Stakes, Verb
from primum.people import door
from primum.people.sight import Viewer
from primum.register import queries


def may(verb: Verb) -> Gate:
    """Those whose move this could be at this stage."""

    def gate(viewer: Viewer, now: datetime, keys: Keys) -> bool:
        shown = _activity(viewer, now, keys)
        return shown is not None and verb in shown.moves

    return gate


def may_deliver(viewer: Viewer, now: datetime, keys: Keys) -> bool:
    shown = _activity(viewer, now, keys)
    return shown is not None and shown.may_deliver


def decides(viewer: Viewer, now: datetime, keys: Keys) -> bool:
    """Whose decision it is now, and those who write down what a leader signed on paper."""
    shown = _activity(viewer, now, keys)
    behalf = "records_on_behalf" in viewer.duties
    return shown is not None and (Verb.DECIDE in shown.moves or behalf)


def suspends_activity(viewer: Viewer, now: datetime, keys: Keys) -> bool:
    return _suspends(viewer, now) and sees_activity(viewer, now, keys)


def suspends_party(viewer: Viewer, now: datetime, keys: Keys) -> bool:
    return _suspends(viewer, now) and sees_party(viewer, now, keys)


def sees_activity(viewer: Viewer, _now: datetime, keys: Keys) -> bool:
    return lists.activity_title(viewer, keys["activity"]) is not None


def sees_look(viewer: Viewer, now: datetime, keys: Keys) -> bool:
    return looks.look_page(viewer, keys["look"], now) is not None


def has_told(viewer: Viewer, now: datetime, keys: Keys) -> bool:
    """Words that wait for this post: to be read, or to be written anew."""
    return telling.told_page(viewer, keys["told"], now) is not None


def sees_report(viewer: Viewer, _now: datetime, keys: Keys) -> bool:
    return lists.report_page(viewer, keys["report"]) is not None


def sees_report_and_party(viewer: Viewer, now: datetime, keys: Keys) -> bool:
    return sees_report(viewer, now, keys) and sees_party(viewer, now, keys)


def matches_report(viewer: Viewer, now: datetime, keys: Keys) -> bool:
    return bool(MATCHES & viewer.duties) and sees_report(viewer, now, keys)


def records_steps(viewer: Viewer, _now: datetime, keys: Keys) -> bool:
    """Who writes down what the authorities did, of a report that names this party."""
    shown = lists.report_page(viewer, keys["report"])
    named = {party for party, _name in shown.parties} if shown else set()
    return bool(RECORDS & viewer.duties) and keys["party"] in named


def sees_party(viewer: Viewer, _now: datetime, keys: Keys) -> bool:
    return queries.party_page(viewer, keys["party"]) is not None


def sees_place(viewer: Viewer, _now: datetime, keys: Keys) -> bool:
    return queries.place_page(viewer, keys["place"]) is not None


def sees_protocol(viewer: Viewer, _now: datetime, keys: Keys) -> bool:
    return policy.version(viewer, keys["version"]) is not None


def assesses_party(viewer: Viewer, now: datetime, keys: Keys) -> bool:
    actor = door.actor(viewer, now)
    return sees_party(viewer, now, keys) and authority.may(actor, Verb.ASSESS, Stakes.LEADERSHIP)


def enters(viewer: Viewer, _now: datetime, _keys: Keys) -> bool:
    return bool(ENTERS & viewer.duties)


def leads(viewer: Viewer, _now: datetime, _keys: Keys) -> bool:
    return bool(authority.READS_LEADERSHIP & viewer.duties)


def minutes_meetings(viewer: Viewer, now: datetime, keys: Keys) -> bool:
    return bool(WRITES & viewer.duties) and leads(viewer, now, keys)


def audits(viewer: Viewer, _now: datetime, _keys: Keys) -> bool:
    return audit.may_audit(viewer)


def proposes_protocols(viewer: Viewer, now: datetime, _keys: Keys) -> bool:
    return authority.may_with_protocols(door.actor(viewer, now), "propose")


def _activity(viewer: Viewer, now: datetime, keys: Keys) -> ActivityPage | None:
    return one.activity_page(viewer, keys["activity"], now)


def _suspends(viewer: Viewer, now: datetime) -> bool:
    """Whether this viewer stops harm: by their own post, or one whose work fell to them."""
    return authority.may(door.actor(viewer, now), Verb.SUSPEND, Stakes.LEADERSHIP)
