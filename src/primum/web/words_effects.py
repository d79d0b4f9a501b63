"""The words pages use for effects: how harm and help travel, how likely, how it turned out."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

WORDS: Mapping[str, object] = {
    # how it comes about
    "how_theft": _("theft or diversion of what we bring"),
    "how_market": _("prices, wages or markets change"),
    "how_distribution": _("some groups get it and others do not"),
    "how_substitution": _("we do what the authorities should do, and they spend elsewhere"),
    "how_legitimisation": _("somebody looks legitimate through us"),
    "how_respect": _("our behaviour: respect, or the lack of it"),
    "how_accountability": _("our behaviour: nobody answers for it"),
    "how_fairness": _("our behaviour: some are treated as worth more"),
    "how_transparency": _("our behaviour: nobody is told why"),
    "how_force": _("use of force"),
    "how_custody": _("arrest or custody"),
    "how_reprisal": _("reprisal, or information used against people"),
    "how_absence": _("we are not there, or no longer"),
    "how_opportunity_cost": _("what is not done because of this"),
    # when
    "soon": _("at once"),
    "weeks": _("within weeks"),
    "months": _("within months"),
    "years": _("within years"),
    # how likely, how serious
    "unlikely": _("unlikely"),
    "likely": _("likely"),
    "seriousness_slight": _("slight"),
    "seriousness_serious": _("serious"),
    "seriousness_grave": _("grave"),
    "reversible_yes": _("can be undone"),
    "reversible_hard": _("hard to undo"),
    "reversible_no": _("cannot be undone"),
    # where it stands
    "suggested": _("suggested by the proposer"),
    "expected": _("expected"),
    "watching": _("being watched for"),
    "seen": _("seen"),
    "not_seen": _("not seen"),
    "could_not_tell": _("could not be told"),
    "struck": _("struck"),
    "surprise": _("nobody foresaw it"),
    # the way it is asked of
    "as_proposed": _("as proposed"),
    "do_nothing": _("if we do nothing"),
    # what a steward answers
    "surprise_changed": _("the protocol is changed"),
    "surprise_there": _("the protocol asks for it already"),
    "surprise_not_general": _("it is not general"),
    # what a second reader finds
    "agrees": _("the list is whole"),
    "missed": _("something is missing"),
}

DID: Mapping[str, object] = {
    "weigh_effects": _("weighed who could be helped or hurt"),
    "suggest_effect": _("suggested who could be helped or hurt"),
    "second_read_effects": _("read the list of effects a second time"),
    "accept_effect": _("accepted a serious harm in words"),
    "match_report": _("matched a report of harm with what was foreseen"),
    "surprise": _("told the steward of a harm nobody foresaw"),
    "answer_surprise": _("answered a harm nobody foresaw"),
}

MISTAKES: Mapping[str, object] = {
    "names_person": _("This names a person. Say which group they are of."),
}
