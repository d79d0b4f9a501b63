"""Positioned nodes to a Protocol, or every mistake in them, each with its place and remedy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from primum.core.protocol.asking import Asking, Library, with_material
from primum.core.protocol.examine import examine
from primum.core.protocol.fields import DASHED, LANGUAGE, EnoughMistakes, Fields, Notes, names_of
from primum.core.protocol.model import (
    CLOCKS,
    Authority,
    CommitmentOffer,
    Condition,
    Decides,
    LookPlan,
    Protocol,
    Question,
    Reach,
    Rule,
    StopSpec,
)
from primum.core.protocol.nodes import Mistake, Node, did_you_mean
from primum.core.protocol.offers import NEVER, Offers
from primum.core.vocabulary import Level, Stakes

LEVELS: Final = tuple(level.word for level in Level)
PASSABLE: Final = ("nobody", Stakes.HIGH.word, Stakes.LEADERSHIP.word)

MORE: Final = ("looks", "grave", "advises", "clocks", "exposure", "seal_floor")
NEEDS: Final = (
    ["protocol", "title", "questions", "rules", "assesses", "decides", "lease", "watch"],
    ["review", "languages", "layout", "about", "hard_stops", "effects", "commitments", *MORE],
)
LIBRARY: Final = (["library", "languages", "questions"], ["review"])
RULE: Final = (["id", "when", "level", "says", "cites"], ["audience", "asks_first", "wording"])
STOP: Final = (["rule", "passable_by"], ["says", "needs_waiver"])
REACH: Final = ["up", "down", "confidence", "weaker"]
CONFIDENCE: Final = ["heard", "plausible", "reasonable_grounds"]
FURTHEST: Final = 9
"""Steps of a chain of command: no army has more."""


def read(
    root: Node,
    version: str,
    authority: Authority | None = None,
    libraries: Mapping[str, Library] | None = None,
    *,
    thorough: bool = False,
) -> Protocol | list[Mistake]:
    """The protocol written in `root`, or the mistakes in it.

    With `authority`, every duty named must be one of the mission's, and every stakes must be
    decided by duties that may decide there. `thorough` also looks for flaws of sense: it takes
    longer, and is for those who write a protocol.
    """
    reading = _Reading(root, version, authority, libraries or {})
    try:
        protocol = reading.protocol()
        if thorough and not reading.notes.mistakes:
            reading.look_through(protocol)
    except EnoughMistakes:
        return reading.notes.mistakes
    return reading.notes.mistakes or protocol


def read_library(root: Node, authority: Authority | None = None) -> Library | list[Mistake]:
    """The shared questions written in `root`, or the mistakes in them."""
    reading = _Reading(root, "", authority, None)
    try:
        library = reading.library()
    except EnoughMistakes:
        return reading.notes.mistakes
    return reading.notes.mistakes or library


class _Reading:
    def __init__(
        self,
        root: Node,
        version: str,
        authority: Authority | None,
        libraries: Mapping[str, Library] | None,
    ) -> None:
        self.notes = Notes(authority)
        self.root = root
        self.version = version
        self.asking = Asking(self.notes, libraries)
        self.names = self.asking.names
        self.places = self.asking.places
        """Where each question (by its id) and each rule (`rule …`) begins."""

    def look_through(self, protocol: Protocol) -> None:
        for flaw in examine(protocol):
            self.notes.wrong(self.places[flaw.at], flaw.says)

    def library(self) -> Library:
        fields = self.notes.mapping(self.root, "a library", *LIBRARY)
        self.notes.languages = self.languages(fields.get("languages"))
        self.asking.questions(fields.get("questions"))
        name = self.name(fields.get("library"), "library")
        return Library(name, self.notes.languages, dict(self.asking.asked))

    def protocol(self) -> Protocol:
        notes = self.notes
        fields = notes.mapping(self.root, "a protocol", *NEEDS)
        notes.languages = self.languages(fields.get("languages"))
        self.asking.questions(fields.get("questions"))
        rules = self.rules(fields.get("rules"))
        offers = Offers(notes, self.names, self.asking.asked, [rule.id for rule in rules])
        looks = offers.looks(fields.get("looks"))
        commitments = offers.commitments(fields.get("commitments"))
        self.asking.never_asked(looks)
        questions = self.questions(rules, commitments, looks)
        return Protocol(
            id=self.name(fields.get("protocol"), "protocol"),
            version=self.version,
            title=notes.text(fields.get("title"), "title"),
            languages=notes.languages,
            review_needed=notes.choose(fields.get("review"), "review", ["needed", "done"])
            == "needed",
            layout=notes.choose(fields.get("layout"), "layout", ["page", "card"]) or "page",
            questions=questions,
            rules=rules,
            hard_stops=self.stops(fields.get("hard_stops"), rules),
            effects=offers.effects(fields.get("effects")),
            commitments=commitments,
            looks=looks,
            grave=offers.grave(fields.get("grave")),
            assesses=frozenset(notes.duties(fields.get("assesses"), "assesses")),
            advises=frozenset(notes.duties(fields.get("advises"), "advises")),
            decides=self.decides(fields.get("decides")),
            lease_days=notes.days(fields.get("lease"), "lease", least=1),
            watch_days=notes.days(fields.get("watch"), "watch", least=1),
            about=notes.choose(fields.get("about"), "about", ["activity", "party"]) or "activity",
            clocks=self.clocks(fields.get("clocks")),
            reach=self.reach(fields.get("exposure")),
            seal_floor=notes.whole(fields.get("seal_floor"), "seal_floor", 4),
            libraries=tuple(sorted({q.library for q in questions if q.library})),
        )

    def questions(
        self,
        rules: Iterable[Rule],
        commitments: Iterable[CommitmentOffer],
        looks: Iterable[LookPlan],
    ) -> tuple[Question, ...]:
        conditions: list[Condition | None] = [rule.when for rule in rules]
        conditions += [offer.when for offer in commitments] + [look.when for look in looks]
        conditions += [question.when for question in self.asking.asked.values()]
        used = [name for condition in conditions for name in names_of(condition)]
        return tuple(with_material(self.asking.asked.values(), used))

    def clocks(self, node: Node | None) -> Mapping[str, int]:
        if node is None:
            return {}
        fields = self.notes.mapping(node, "clocks", (), CLOCKS)
        return {name: self.notes.hours(each, name) for name, each in fields.items()}

    def reach(self, node: Node | None) -> Reach | None:
        if node is None:
            return None
        fields = self.notes.mapping(node, "exposure", REACH)
        confidence = self.notes.choose(fields.get("confidence"), "confidence", CONFIDENCE)
        return Reach(
            up=self.notes.whole(fields.get("up"), "up", FURTHEST),
            down=self.notes.whole(fields.get("down"), "down", FURTHEST),
            confidence=confidence,
            weaker_days=self.notes.days(fields.get("weaker"), "weaker", least=1),
        )

    def name(self, node: Node | None, what: str) -> str:
        word = self.notes.word(node, what)
        if node is not None and word and not DASHED.fullmatch(word):
            self.notes.wrong(node, f'"{word[:40]}" cannot name a {what}; use small-letters-so')
        return word

    def languages(self, node: Node | None) -> tuple[str, ...]:
        found: list[str] = []
        for each in self.notes.sequence(node, "languages"):
            word = self.notes.word(each, "a language")
            if word and not LANGUAGE.fullmatch(word):
                self.notes.wrong(each, f'"{word[:40]}" is not a language code such as fr')
            elif word and word not in found:
                found.append(word)
        if node is not None and "en" not in found:
            self.notes.wrong(node, "English is missing; add en, the language every reader falls to")
        return tuple(found if "en" in found else ["en", *found])

    def rules(self, node: Node | None) -> tuple[Rule, ...]:
        found: dict[str, Rule] = {}
        for each in self.notes.sequence(node, "rules"):
            fields = self.notes.mapping(each, "a rule", *RULE)
            name = self.notes.id(fields.get("id"), "a rule id")
            self.notes.once(fields.get("id"), name, found)
            self.places.setdefault(f"rule {name}", fields.get("id", each))
            found.setdefault(name, self.rule(name, fields))
        return tuple(found.values())

    def rule(self, name: str, fields: Fields) -> Rule:
        notes = self.notes
        condition = notes.before_looks(fields.get("when"), self.names, self.asking.asked)
        level = notes.choose(fields.get("level"), "level", LEVELS)
        if level == Level.LOW.word:
            notes.wrong(fields["level"], "every case is low to begin with; write medium or more")
        return Rule(
            id=name,
            when=condition or NEVER,
            level=Level[level.upper()] if level in LEVELS else Level.LOW,
            says=notes.text(fields.get("says"), "says"),
            cites=notes.word(fields.get("cites"), "cites"),
            audience=frozenset(notes.duties(fields.get("audience"), "audience")),
            asks_first=notes.yes_no(fields.get("asks_first"), "asks_first"),
            wording_to_check=notes.to_check(fields.get("wording")),
        )

    def stops(self, node: Node | None, rules: Iterable[Rule]) -> tuple[StopSpec, ...]:
        by_id = {rule.id: rule for rule in rules}
        found: dict[str, StopSpec] = {}
        for each in self.notes.sequence(node, "hard_stops"):
            fields = self.notes.mapping(each, "a hard stop", *STOP)
            name = self.notes.id(fields.get("rule"), "a rule id")
            passable = self.notes.choose(fields.get("passable_by"), "passable_by", PASSABLE)
            self.notes.once(fields.get("rule"), name, found)
            if passable and not self.passable(passable):
                lacking = f"nobody in this mission may pass it at {passable} stakes; name who may"
                self.notes.wrong(fields["passable_by"], lacking)
            if name and name not in by_id:
                guess = did_you_mean(name, by_id) or "; name a rule listed under rules"
                self.notes.wrong(fields["rule"], f'"{name}" is not a rule of this protocol{guess}')
            says = self.notes.text(fields["says"], "says") if "says" in fields else None
            said = says or (by_id[name].says if name in by_id else {})
            waiver = self.waiver(fields, passable)
            found.setdefault(name, StopSpec(name, _stakes(passable), said, waiver))
        return tuple(found.values())

    def waiver(self, fields: Fields, passable: str) -> bool:
        """Whether it needs a waiver. Where nobody passes there is nothing to waive."""
        needed = self.notes.yes_no(fields.get("needs_waiver"), "needs_waiver")
        if needed and passable == PASSABLE[0]:
            says = "nobody passes this stop, so no waiver helps; remove needs_waiver"
            self.notes.wrong(fields["needs_waiver"], says)
        return needed

    def passable(self, word: str) -> bool:
        """Whether a post there is may pass the stop; nobody at all is meant as it is written."""
        stakes, authority = _stakes(word), self.notes.authority
        return stakes is None or authority is None or bool(authority.deciders.get(stakes))

    def decides(self, node: Node | None) -> Decides:
        if node is None:
            return {}
        words = [stakes.word for stakes in Stakes]
        fields = self.notes.mapping(node, "decides", (), words)
        decides: dict[Stakes, frozenset[str]] = {}
        for stakes in Stakes:
            duties = self.notes.deciders(fields.get(stakes.word), stakes)
            if not duties and stakes.word not in fields:
                says = f"nobody may decide at {stakes.word} stakes; add {stakes.word}: and a duty"
                self.notes.wrong(node, says)
            decides[stakes] = frozenset(duties)
        return decides


def _stakes(passable: str) -> Stakes | None:
    return Stakes[passable.upper()] if passable in PASSABLE[1:] else None
