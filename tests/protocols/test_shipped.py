"""What holds for every protocol that ships, tried on answers made from its own text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

import pytest

from primum import protocols
from primum.core.protocol import (
    FACTS,
    Answers,
    Protocol,
    Range,
    plan,
    read_facts,
    weigh,
)
from primum.core.protocol.values import UNREAD
from primum.core.vocabulary import Level, Recommendation, Text
from primum.protocols.reader import libraries
from tests.protocols.truths import completed, whole_facts, witness

TRIES = 60
CAUTIOUS = (Recommendation.NOT_YET, Recommendation.NO)

shipped = pytest.mark.parametrize("name", protocols.available())
every_rule = pytest.mark.parametrize(
    ("name", "rule"),
    [(name, rule.id) for name in protocols.available() for rule in protocols.load(name).rules],
)


def sentences(protocol: Protocol) -> Iterator[Text]:
    """Everything it says to anybody."""
    yield protocol.title
    for question in protocol.questions:
        yield question.ask
        yield from [question.help] if question.help else []
        yield from (option.label for option in question.options)
    yield from (rule.says for rule in protocol.rules)
    yield from (stop.says for stop in protocol.hard_stops)
    for effect in protocol.effects:
        yield from (effect.who, effect.what)
        yield from [effect.signpost] if effect.signpost else []
    yield from (offer.text for offer in protocol.commitments)
    yield from (look.title for look in protocol.looks)


def test_three_protocols_and_six_libraries_ship() -> None:
    assert protocols.available() == (
        "community-meeting",
        "force-baseline",
        "support-to-security-forces",
    )
    assert libraries() == (
        "detention",
        "groups-at-risk",
        "indirect-users",
        "reprisal",
        "transfers-and-messages",
        "who-was-heard",
    )
    used = {each for name in protocols.available() for each in protocols.load(name).libraries}
    assert used == set(libraries())


@shipped
def test_every_sentence_is_there_in_three_languages(name: str) -> None:
    protocol = protocols.load(name)
    assert protocol.languages == ("en", "fr", "ar")
    assert protocol.review_needed
    for text in sentences(protocol):
        assert set(text) == {"en", "fr", "ar"}
        assert re.search(r"[\u0600-\u06ff]", text["ar"])
        assert not re.search(r"[\u0600-\u06ff]", text["en"] + text["fr"])
        assert not re.search(r"[A-Za-z]", text["ar"]), text["ar"]
        assert text["fr"] != text["en"] or len(text["en"]) < 12, text["en"]
        assert "'" not in text["fr"], text["fr"]


@shipped
def test_sentences_are_short(name: str) -> None:
    """A tired reader of a second language reads them: no sentence runs past 26 words."""
    for text in sentences(protocols.load(name)):
        for sentence in re.split(r"[.:?] ?", text["en"]):
            assert len(sentence.split()) <= 26, sentence


@shipped
def test_every_rule_cites_its_source(name: str) -> None:
    protocol = protocols.load(name)
    for rule in protocol.rules:
        assert len(rule.cites) > 10, rule.id
    for offer in protocol.commitments:
        assert offer.cites, offer.id
    for look in protocol.looks:
        assert look.cites, look.id


@shipped
def test_what_was_written_from_memory_says_so(name: str) -> None:
    """The annex itself was not at hand: each use of it is marked, but for its plain scope."""
    protocol = protocols.load(name)
    cited = [(rule.cites, rule.wording_to_check) for rule in protocol.rules]
    cited += [(offer.cites, offer.wording_to_check) for offer in protocol.commitments]
    cited += [(look.cites, look.wording_to_check) for look in protocol.looks]
    for source, marked in cited:
        assert marked or not ("factor" in source or "Guidance Note" in source), source


@shipped
def test_no_answers_are_never_a_go(name: str) -> None:
    protocol = protocols.load(name)
    quiet = {"party.record": "some", "party.harm_reports_24_months": 0}
    for facts in ({}, quiet):
        ruling = weigh(protocol, Answers(), read_facts(facts))
        assert ruling.recommendation is Recommendation.NOT_YET
        assert ruling.highest >= Level.HIGH


@every_rule
def test_every_rule_can_be_made_true(name: str, rule: str) -> None:
    """By answers to questions that are asked together; then it is a reason, and its stop holds."""
    protocol = protocols.load(name)
    spoken = next(each for each in protocol.rules if each.id == rule)
    made = witness(protocol, spoken)
    assert made is not None
    ruling = weigh(protocol, *made)
    assert rule in {reason.rule for reason in ruling.reasons if reason.certain}
    assert ruling.lowest >= spoken.level
    if rule in protocol.stops:
        assert rule in {stop.rule for stop in ruling.hard_stops if stop.certain}
        assert ruling.recommendation is Recommendation.NO
    if spoken.asks_first:
        assert ruling.recommendation in CAUTIOUS


@shipped
def test_what_is_not_asked_leaves_nothing_open(name: str) -> None:
    """Whoever answers all that is put to him has a settled Ruling."""
    protocol, random = protocols.load(name), Random(name)
    for _ in range(TRIES):
        answers = completed(protocol, random)
        ruling = weigh(protocol, answers, whole_facts(random))
        assert ruling.lowest == ruling.highest, ruling.reasons
        assert all(stop.certain for stop in ruling.hard_stops)
        assert ruling.open_questions == ()


@shipped
def test_knowing_less_is_never_taken_for_less_risk(name: str) -> None:
    protocol, random = protocols.load(name), Random(name)
    for _ in range(TRIES):
        whole, facts = completed(protocol, random), whole_facts(random)
        full = weigh(protocol, whole, facts)
        gone = random.choice([n for n in whole.known if protocol.by_id[n].required])
        part = weigh(protocol, Answers({n: v for n, v in whole.known.items() if n != gone}), facts)
        assert part.lowest <= full.lowest
        assert part.highest >= full.highest
        assert part.recommendation in CAUTIOUS


@shipped
def test_a_worse_number_is_never_a_lighter_case(name: str) -> None:
    protocol, random = protocols.load(name), Random(name)
    worse = {n: fact.worse for n, fact in FACTS.items() if fact.worse}
    worse |= {q.id: q.worse for q in protocol.questions if q.worse and q.section.before}
    for _ in range(TRIES):
        answers, facts = completed(protocol, random), whole_facts(random)
        before = weigh(protocol, answers, facts)
        for each, direction in worse.items():
            value = {**answers.known, **facts}.get(each)
            if not isinstance(value, Range):
                continue
            moved = Range.exactly(value.low + (5 if direction == "more" else -5))
            after = weigh(
                protocol,
                Answers({n: moved if n == each else v for n, v in answers.known.items()}),
                {n: moved if n == each else v for n, v in facts.items()},
            )
            assert after.highest >= before.highest, each


@shipped
def test_conditions_never_raise_the_level_nor_pass_a_stop_for_nobody(name: str) -> None:
    protocol, random = protocols.load(name), Random(name)
    closed = {stop.rule for stop in protocol.hard_stops if stop.passable_by is None}
    for offer in protocol.commitments:
        assert not offer.meets & closed, offer.id
    for _ in range(TRIES):
        answers = completed(protocol, random)
        ruling = weigh(protocol, answers, whole_facts(random))
        assert ruling.expected[1] <= ruling.highest
        if closed & {stop.rule for stop in ruling.hard_stops if stop.certain}:
            assert ruling.expected[0] >= min(
                rule.level for rule in protocol.rules if rule.id in closed
            )


@shipped
def test_looks_reach_to_the_end_of_the_watch(name: str) -> None:
    protocol, random = protocols.load(name), Random(name)
    for _ in range(TRIES):
        proposed = plan(protocol, completed(protocol, random))
        for look in proposed.looks:
            assert look.grace_days > 0
            assert look.after_days[-1] + look.grace_days <= proposed.watch_days


@shipped
def test_questions_that_no_rule_reads_have_readers(name: str) -> None:
    for question in protocols.load(name).questions:
        if question.kind in UNREAD:
            assert not question.worse
        if question.read_by:
            assert question.section.before
