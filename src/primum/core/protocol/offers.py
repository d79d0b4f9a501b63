"""Reads what a protocol offers besides questions and rules: effects, commitments and looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from primum.core.protocol.expression import Or
from primum.core.protocol.fields import Fields, Notes, names_of, question_in
from primum.core.protocol.model import (
    CommitmentOffer,
    Condition,
    EffectOffer,
    GraveRule,
    LookPlan,
    Method,
    Phase,
    Proof,
    Question,
)
from primum.core.protocol.nodes import Node, did_you_mean
from primum.core.protocol.parser import Names

MOST_LOOKS: Final = 60
"""Five years of monthly looks; more is a slip of the pen."""
OUTSIDE: Final = ("owner", "recipient", "authorities")
"""Who may owe a commitment without being a duty: the owner post, and those we support."""
OWED_TO: Final = ("mission", "people", *OUTSIDE)
"""Whom a commitment may be owed to without their being a duty."""

EFFECT: Final = (["id", "who", "what", "order"], ["signpost", "good"])
COMMITMENT: Final = (
    ["id", "text", "phase", "by", "proof", "verifier"],
    ["to", "test", "meets", "due", "every", "when", "cites", "wording"],
)
LOOK: Final = (
    ["id", "title", "after", "grace", "method", "asks"],
    ["by", "may", "from", "repeat", "again", "unannounced", "when", "cites", "wording"],
)
REPEAT: Final = ["every", "until"]
AGAIN: Final = ["when", "after"]
GRAVE: Final = (["id", "when", "says"], ["cites", "wording"])
NEVER: Final = Condition("", Or(()))
"""Stands in for a condition that could not be read."""


class Offers:
    """Needs the questions read first: looks ask them, conditions name them."""

    def __init__(
        self, notes: Notes, names: Names, asked: Mapping[str, Question], rules: Sequence[str]
    ) -> None:
        self.notes = notes
        self.names = names
        self.asked = asked
        self.rules = rules

    def effects(self, node: Node | None) -> tuple[EffectOffer, ...]:
        found: dict[str, EffectOffer] = {}
        for each in self.notes.sequence(node, "effects"):
            fields = self.notes.mapping(each, "an effect", *EFFECT)
            name = self.named(fields, found)
            order = self.notes.choose(fields.get("order"), "order", ["1", "2", "3"])
            sign = fields.get("signpost")
            effect = EffectOffer(
                id=name,
                who=self.notes.text(fields.get("who"), "who"),
                what=self.notes.text(fields.get("what"), "what"),
                order=int(order) if order in ("1", "2", "3") else 1,
                signpost=self.notes.text(sign, "signpost") if sign else None,
                good=self.notes.yes_no(fields.get("good"), "good"),
            )
            found.setdefault(name, effect)
        return tuple(found.values())

    def commitments(self, node: Node | None) -> tuple[CommitmentOffer, ...]:
        found: dict[str, CommitmentOffer] = {}
        for each in self.notes.sequence(node, "commitments"):
            fields = self.notes.mapping(each, "a commitment", *COMMITMENT)
            name = self.named(fields, found)
            found.setdefault(name, self.commitment(name, fields))
        return tuple(found.values())

    def commitment(self, name: str, fields: Fields) -> CommitmentOffer:
        notes = self.notes
        return CommitmentOffer(
            id=name,
            text=notes.text(fields.get("text"), "text"),
            phase=notes.one_of(fields.get("phase"), "phase", Phase, Phase.BEFORE),
            by=notes.duty(fields.get("by"), "by", OUTSIDE),
            proof=notes.one_of(fields.get("proof"), "proof", Proof, Proof.NOTE),
            verifier=notes.duty(fields.get("verifier"), "verifier"),
            to=notes.duty(fields.get("to"), "to", OWED_TO) or "mission",
            test=notes.text(fields["test"], "test") if "test" in fields else None,
            meets=self.meets(fields.get("meets")),
            due_days=notes.days(fields["due"], "due") if "due" in fields else None,
            every_days=notes.days(fields["every"], "every", least=1) if "every" in fields else None,
            when=notes.before_looks(fields.get("when"), self.names, self.asked),
            cites=notes.word(fields.get("cites"), "cites"),
            wording_to_check=notes.to_check(fields.get("wording")),
        )

    def meets(self, node: Node | None) -> frozenset[str]:
        """Rules of this protocol that the commitment answers."""
        named = self.notes.ids(node, "a rule")
        for name in named:
            if node is not None and name not in self.rules:
                guess = did_you_mean(name, self.rules) or "; name a rule listed under rules"
                self.notes.wrong(node, f'"{name}" is not a rule of this protocol{guess}')
        return frozenset(named)

    def looks(self, node: Node | None) -> tuple[LookPlan, ...]:
        found: dict[str, LookPlan] = {}
        for each in self.notes.sequence(node, "looks"):
            fields = self.notes.mapping(each, "a look", *LOOK)
            name = self.named(fields, found)
            if "by" not in fields and fields:
                says = f'look "{name}" has no looker; add by: and the duty that makes it'
                self.notes.wrong(each, says)
            found.setdefault(name, self.look(name, fields))
        return tuple(found.values())

    def look(self, name: str, fields: Fields) -> LookPlan:
        notes = self.notes
        methods = [
            notes.one_of(each, "method", Method, Method.VISIT)
            for each in notes.sequence(fields.get("method"), "method")
        ]
        asks = self.asks(fields.get("asks"))
        again, again_days = self.again(fields.get("again"), asks)
        return LookPlan(
            id=name,
            title=notes.text(fields.get("title"), "title"),
            by=notes.duty(fields.get("by"), "by"),
            after_days=self.due(fields),
            grace_days=notes.days(fields.get("grace"), "grace"),
            methods=tuple(dict.fromkeys(methods)),
            asks=asks,
            may=frozenset(notes.duties(fields.get("may"), "may")),
            unannounced=notes.yes_no(fields.get("unannounced"), "unannounced"),
            when=notes.before_looks(fields.get("when"), self.names, self.asked),
            cites=notes.word(fields.get("cites"), "cites"),
            wording_to_check=notes.to_check(fields.get("wording")),
            from_delivery=notes.choose(fields.get("from"), "from", ["approval", "delivery"])
            == "delivery",
            again=again,
            again_days=again_days,
        )

    def again(self, node: Node | None, asks: Sequence[str]) -> tuple[Condition | None, int]:
        """When what is seen asks for one more look, and how soon."""
        if node is None:
            return None, 0
        fields = self.notes.mapping(node, "again", AGAIN)
        condition = self.notes.at_looks(fields.get("when"), self.names, self.asked)
        for name in sorted(names_of(condition)):
            if question_in(name) in self.asked and question_in(name) not in asks:
                says = f'"{name}" is not asked at this look; add it to its asks'
                self.notes.wrong(node, says)
        return condition, self.notes.days(fields.get("after"), "after", least=1)

    def grave(self, node: Node | None) -> tuple[GraveRule, ...]:
        found: dict[str, GraveRule] = {}
        for each in self.notes.sequence(node, "grave"):
            fields = self.notes.mapping(each, "a grave finding", *GRAVE)
            name = self.named(fields, found)
            when = self.notes.at_looks(fields.get("when"), self.names, self.asked)
            rule = GraveRule(
                id=name,
                when=when or NEVER,
                says=self.notes.text(fields.get("says"), "says"),
                cites=self.notes.word(fields.get("cites"), "cites"),
                wording_to_check=self.notes.to_check(fields.get("wording")),
            )
            found.setdefault(name, rule)
        return tuple(found.values())

    def due(self, fields: Fields) -> tuple[int, ...]:
        node = fields.get("after")
        if node is None:
            return ()
        listed = (node,) if isinstance(node.value, str) else self.notes.sequence(node, "after")
        days = [self.notes.days(each, "after") for each in listed]
        if days != sorted(set(days)):
            self.notes.wrong(node, "the days of after rise; write the nearest first, each once")
        if not days:
            self.notes.wrong(node, "a look falls due at least once; write for example after: 30d")
        return (*days, *self.repeats(fields.get("repeat"), max(days, default=0)))

    def repeats(self, node: Node | None, last: int) -> tuple[int, ...]:
        if node is None:
            return ()
        fields = self.notes.mapping(node, "repeat", REPEAT)
        if "every" not in fields or "until" not in fields:
            return ()
        every = self.notes.days(fields["every"], "every", least=1)
        until = self.notes.days(fields["until"], "until")
        if until < last + every:
            self.notes.wrong(fields["until"], "the repeat ends before it begins; make until later")
        if (until - last) // every > MOST_LOOKS:
            self.notes.wrong(node, f"this makes more than {MOST_LOOKS} looks; look less often")
            return ()
        return tuple(range(last + every, until + 1, every))

    def asks(self, node: Node | None) -> tuple[str, ...]:
        if node is None:
            return ()
        asks = self.notes.ids(node, "a question")
        for name in asks:
            if name not in self.asked:
                guess = did_you_mean(name, self.asked) or "; add it under questions"
                self.notes.wrong(node, f'"{name}" is not a question of this protocol{guess}')
            elif self.asked[name].section.before:
                says = f'"{name}" is asked before the decision; a look asks happened or answer'
                self.notes.wrong(node, says)
        return asks

    def named(self, fields: Fields, found: Mapping[str, object]) -> str:
        name = self.notes.id(fields.get("id"), "an id")
        self.notes.once(fields.get("id"), name, found)
        return name
