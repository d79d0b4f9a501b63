"""The words pages use for the core's codes, in one place, for translators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from primum.core.protocol import AnswerMistake
from primum.core.vocabulary import Because, Due, Refusal
from primum.web import formats, words_effects, words_ladder, words_promises, words_stops
from primum.web.words_did import DID

WORDS: Mapping[str, object] = {
    **words_effects.WORDS,
    **words_ladder.WORDS,
    **words_promises.WORDS,
    **words_stops.WORDS,
    # stages
    "proposed": _("proposed"),
    "assessed": _("assessed"),
    "decided": _("approved"),
    "under_way": _("under way"),
    "done": _("done"),
    "watched": _("done, being watched"),
    "closed": _("closed"),
    "suspended": _("suspended"),
    "lapsed": _("lapsed"),
    "withdrawn": _("withdrawn"),
    "not_done": _("not done"),
    # levels and stakes
    "low": _("low"),
    "medium": _("medium"),
    "high": _("high"),
    "barred": _("barred"),
    "stakes_ordinary": _("ordinary: head of office"),
    "stakes_high": _("high: deputy head of mission"),
    "stakes_leadership": _("leadership: head of mission"),
    "ordinary": _("ordinary"),
    "leadership": _("the leadership"),
    "nobody": _("nobody"),
    # choices and recommendations
    "go": _("go"),
    "go_with_conditions": _("go with conditions"),
    "in_part": _("go in part"),
    "not_yet": _("not yet: more must be known"),
    "not_now": _("not now"),
    "no": _("no"),
    "yes": _("yes"),
    # other decisions
    "suspend": _("suspension"),
    "resume": _("resumption"),
    "withdraw": _("withdrawal"),
    "release": _("release of something owed"),
    "disowned": _("“I did not decide this”"),
    # times a protocol sets
    "clock_assess": _("Time to assess"),
    "clock_advise": _("Time to advise"),
    "clock_decide": _("Time to decide"),
    "clock_emergency_record": _("In an emergency: to be recorded within"),
    "clock_emergency_assess": _("In an emergency: to be assessed within"),
    "clock_review": _("Reviewed after"),
    "clock_intercession_answer": _("Time for the authorities to answer"),
    "clock_final_notice_answer": _("Time to answer a final notice"),
    # advice
    "support": _("support"),
    "support_with_conditions": _("support with conditions"),
    "object": _("object"),
    # kinds of support (HRDDP) and construction
    "training_advisory": _("training or advice"),
    "authority_support": _("support to an authority"),
    "financial": _("money"),
    "logistical_ops": _("logistics for field operations"),
    "operational": _("operational support in the field"),
    "joint_operation": _("joint operation"),
    "infrastructure": _("construction or repair"),
    # looks and commitments
    "open": _("open"),
    "overdue": _("overdue"),
    "made": _("made"),
    "released": _("released by a decision"),
    "nothing_grave": _("nothing grave seen"),
    "grave": _("something grave seen"),
    "refused": _("access refused"),
    "could_not": _("could not be made"),
    "visit": _("visit"),
    "phone": _("telephone"),
    "partner": _("through a partner"),
    "community": _("through the community"),
    "joint": _("jointly"),
    "seen_own": _("our own people"),
    "seen_joint_with_judged": _("our own people, with those we judge beside them"),
    "seen_partner": _("a partner we trust"),
    "seen_community": _("people who live there"),
    "seen_judged_alone": _("only those we judge"),
    "adequate": _("enough to rely on"),
    "not_adequate": _("not enough: it does not count"),
    "kept": _("kept"),
    "partly_kept": _("partly kept"),
    "broken": _("broken"),
    "could_not_check": _("could not be checked"),
    "before": _("before delivery"),
    "during": _("while it lasts"),
    "after": _("afterwards"),
    "note": _("a note"),
    "document": _("a document"),
    "photo": _("a photograph"),
    "thing": _("a thing on site, seen there"),
    "recipient": _("the recipient"),
    "authorities": _("the authorities"),
    # duties, as protocols name who does what
    "owner": _("the post that proposed it"),
    "requests": _("the posts that propose"),
    "assesses": _("the post that assesses"),
    "advises": _("the post that advises"),
    "decides_ordinary": _("the post that decides at ordinary stakes"),
    "decides_high": _("the post that decides at high stakes"),
    "decides_leadership": _("the post that decides at the highest stakes"),
    "suspends": _("the posts that may suspend"),
    "verifies": _("the post that verifies"),
    "field_monitor": _("the field monitor"),
    "protection_officer": _("the protection officer"),
    "files_reports": _("the posts that file reports"),
    "confirms_matches": _("the posts that answer matches"),
    "records_on_behalf": _("the post that records signed decisions"),
    "staffs_posts": _("the post that seats people"),
    "widest_seal": _("the human rights post that may know most"),
    "steward": _("the protocol steward"),
    "publishes": _("the posts that put protocols in force"),
    "audits": _("the auditor"),
    "clock": _("the clock"),
    # breaches
    "before_decision": _("delivered before any approval"),
    "after_end": _("delivered after the approval had ended"),
    "before_commitments": _("delivered before commitments were met"),
    "left_out": _("delivered on a line that the decision left out"),
    "while_suspended": _("delivered while it was suspended"),
    # reports
    "harm": _("harm"),
    "heard": _("heard"),
    "plausible": _("plausible"),
    "reasonable_grounds": _("reasonable grounds to believe"),
    "refuted": _("refuted"),
    "cannot_tell": _("cannot tell"),
    # what the policy does not cover
    "exempt_rights_training": _("training on human rights, refugees or the law of war"),
    "exempt_standards": _("norms, standards, compliance"),
    "exempt_engagement": _("engagement, access or relief"),
    "exempt_mediation": _("mediation"),
    "exempt_evacuation": _("evacuation of wounded"),
    "other": _("other"),
    # how allegations are weighed
    "route_scale": _("listed crimes, on a scale or often"),
    "route_pattern": _("a pattern of violations by many members"),
    "route_command": _("a senior officer in command"),
    "route_authority": _("an authority that took no effective steps"),
    "route_none": _("none of these"),
    "standard_substantial_grounds": _("substantial grounds"),
    "standard_credible": _("credible"),
    "standard_not_enough": _("not enough to say"),
    "factor_past_accuracy": _("Was the source right before?"),
    "factor_how_known": _("How does the source know?"),
    "factor_bias": _("Has the source an interest in it?"),
    "factor_corroboration": _("Does anything independent agree?"),
    "factor_contradiction": _("Does anything contradict it?"),
    "factor_pattern": _("Does it fit what is known of the unit?"),
    "factor_detail": _("How detailed is it?"),
    "speaks_for": _("speaks for it"),
    "speaks_against": _("speaks against it"),
    "speaks_unknown": _("not known"),
    # parties
    "unit": _("unit"),
    "force": _("force"),
    "authority": _("authority"),
    "person": _("person in an official role"),
    "group": _("group"),
    "own_component": _("own component"),
    "certain": _("certain"),
    "possible": _("possible"),
    "unknown": _("unknown"),
    # places
    "country": _("country"),
    "region": _("region"),
    "district": _("district"),
    "town": _("town"),
    "settlement": _("settlement"),
    "area": _("area"),
    "road": _("road"),
    "facility": _("facility"),
    # six questions
    "brings": _("What do we bring?"),
    "do": _("What will we and others do about it?"),
    # why it was on the agenda of a meeting
    "lapsing": _("lapses within seven days"),
    "by_hand": _("added by hand"),
    # what waits on a desk
    "assess": _("assess"),
    "advise": _("advise"),
    "decide": _("decide"),
    "decide_grave": _("decide: something grave was seen"),
    "go_on": _("go on"),
    "decide_broken": _("decide: a commitment was broken, or its check refused twice"),
    "confirm": _("confirm what was recorded in your name"),
    "unconfirmed": _("a decision recorded for this post that its signer has not confirmed"),
    "look": _("look"),
    "read_look": _("read a look that somebody else made"),
    "decide_refused": _("decide: access was refused twice"),
    "verify": _("verify a commitment"),
    "answer_breach": _("answer a breach"),
    "assess_report": _("say how sure a report is"),
    "proposed_match": _("proposed, waiting for a person’s yes"),
    "confirmed": _("confirmed"),
    "refused_match": _("not the same"),
    # where a line of support stands
    "given_delivered": _("delivered"),
    "given_approved": _("approved, not delivered yet"),
    "given_asked": _("asked for, not decided"),
    "given_not_counted": _("refused, withdrawn or over, nothing delivered"),
}

MISTAKES: Mapping[str, object] = {
    **words_effects.MISTAKES,
    **words_stops.MISTAKES,
    "required": _("Answer this, or say why it is not known."),
    "not_whole": _("A count is a whole number. Write a range if you are not sure."),
    "not_an_answer": _("This is not an answer to this question. Choose or write it again."),
    "not_exempt": _("A line here is support and cannot be exempt. Building always is support."),
    "lines_say_more": _("The lines say otherwise. Correct the answer, or the proposal."),
    "not_a_key": _("Choose from the register."),
    "too_many": _("These are too many. Name the most important ones."),
    "not_a_count": _("Write how many there are of each."),
    "nothing_counted": _("Nobody is counted. Write 0 where there is nobody."),
    "less_than_none": _("There are never fewer than 0 people."),
    "no_link": _("No evidence is named. Name it, or say why it is not known."),
    "not_a_link": _("Write one address or reference a line, each short."),
    "no_such_question": _("This is not a question of the protocol. Open the form again."),
    "no_reason": _("Say in a few words why it is not known."),
    "no_words": _("Nothing is written. Write an answer, or say why it is not known."),
    "nothing_chosen": _("Nothing is chosen. Choose, or say why it is not known."),
    "chosen_twice": _("One answer is chosen twice. Choose each once."),
    "not_an_option": _("Choose among the answers offered."),
    "not_a_list": _("Choose among the answers offered."),
    "not_a_number": _("This is not a plain number. Write it as 12 or 2.5."),
    "not_a_range": _("Write the least and the most."),
    "range_reversed": _("The least is more than the most. Exchange them."),
    "other_currency": _("Give the amount in the currency asked for."),
    "not_a_date": _("This is not a date. Write it as 2026-01-31."),
    "too_long": _("The text is too long. Shorten it."),
}
"""Why an answer cannot be taken, by the code of the core."""


SECTIONS: Mapping[str, object] = {
    "brings": _("What do we bring?"),
    "harm": _("Who could be hurt, and then what?"),
    "do": _("What will we and others do about it?"),
    "decide": _("Who decides, having heard whom?"),
    "happened": _("What happened, according to whom?"),
    "answer": _("What did we answer, put right, hand on?"),
}
"""The six questions of every activity, in their order."""

CELLS: Mapping[str, object] = {
    "girls": _("girls"),
    "boys": _("boys"),
    "women": _("women, 18 to 59"),
    "men": _("men, 18 to 59"),
    "older_women": _("women, 60 and over"),
    "older_men": _("men, 60 and over"),
    "not_known": _("sex or age not known"),
}
"""How people are counted."""


def section(code: str) -> str:
    return str(SECTIONS[code])


def cell(code: str) -> str:
    return str(CELLS[code])


FIELDS: Mapping[str, object] = {
    **words_ladder.FIELDS,
    "title": _("Title"),
    "mandate_objective": _("Mandate objective"),
    "what": _("What"),
    "quantity": _("Quantity"),
    "value_usd": _("Value"),
    "people": _("People reached"),
    "people_min": _("People harmed, at least"),
    "people_max": _("People harmed, at most"),
    "independent_sources": _("Independent sources"),
    "source": _("Source, as a pseudonym"),
    "name": _("Name"),
    "country": _("Country"),
    "method": _("How"),
    "promised_by": _("Promised by"),
    "office": _("By which office"),
    "rank": _("Rank"),
}
"""What a column is called on the forms that fill it."""


def field(name: str) -> str:
    return str(FIELDS.get(name, name.replace("_", " ").capitalize()))


def too_much(column: str, value: str | int, most: int) -> str:
    """That something does not fit into its field, which field, and what would."""
    if isinstance(value, int):
        said = gettext("%(field)s: the number is too large. %(most)s is the most that fits.")
    else:
        said = gettext(
            "%(field)s: the text has %(count)s characters, and %(most)s fit. Shorten it."
        )
    return said % {"field": field(column), "count": len(str(value)), "most": most}


def did(verb: str) -> str:
    return str(DID.get(verb, verb.replace("_", " ")))


def word(code: object) -> str:
    """The word for a code, in the reader's language; a code nobody translated stays readable."""
    text = str(code)
    return str(WORDS.get(text, text.replace("_", " ")))


def sentence(because: Because) -> str:
    """One reason of a refusal, in the reader's language."""
    return gettext(because.says) % {name: _shown(value) for name, value in because.values.items()}


def sentences(refusal: Refusal) -> list[str]:
    return [sentence(reason) for reason in refusal.reasons]


def mistake(wrong: AnswerMistake) -> str:
    """Why one answer cannot be taken, in the reader's language."""
    return str(MISTAKES.get(wrong.code, wrong.says))


def _listed(said: Sequence[str]) -> str:
    whole = said[0] if said else ""
    for each in said[1:]:
        whole = gettext("%(one)s, %(two)s") % {"one": whole, "two": each}
    return whole


def _shown(value: object) -> str:
    if isinstance(value, datetime):
        return formats.moment(value)
    if isinstance(value, Due):
        return formats.month(value.at) if value.month_only else formats.day(value.at)
    if isinstance(value, tuple):
        return _listed([_shown(each) for each in value])
    if isinstance(value, Mapping):
        return formats.said(value)
    return word(value) if isinstance(value, str) else str(value)
