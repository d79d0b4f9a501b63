"""The protocol language: read it, weigh answers by it, keep the Ruling.

protocol = primum.protocols.load("support-to-security-forces")
answers = read_answers(protocol, {"lethal": "no", "detention": {"unknown": "not visited yet"}})
ruling = weigh(protocol, answers, read_facts({"party.record": "some"}))
"""

from primum.core.protocol.answers import (
    AnswerError,
    AnswerMistake,
    Answers,
    Completeness,
    asked,
    completeness,
    plain_answers,
    read_answers,
    read_what_can_be,
)
from primum.core.protocol.asking import Library
from primum.core.protocol.classes import ValueClass
from primum.core.protocol.compare import differences, loosened
from primum.core.protocol.examine import Flaw, examine
from primum.core.protocol.explain import Explanation, Found, explain
from primum.core.protocol.expression import Expression, holds, names_in, open_names
from primum.core.protocol.facts import FACTS, Facts, RegisteredFact, read_facts
from primum.core.protocol.findings import grave_findings, looks_again, seen_by
from primum.core.protocol.model import (
    SEEN_BY,
    Authority,
    CommitmentOffer,
    Condition,
    Decides,
    EffectOffer,
    GraveRule,
    Independence,
    LookPlan,
    Method,
    Option,
    Phase,
    Proof,
    Protocol,
    Question,
    Reach,
    Rule,
    Section,
    StopSpec,
)
from primum.core.protocol.nodes import Mistake, Node, ProtocolError, did_you_mean
from primum.core.protocol.parser import ExpressionError, ExpressionMistake, parse
from primum.core.protocol.reading import read, read_library
from primum.core.protocol.replay import replay
from primum.core.protocol.stored import canonical, digest, ruling_from_json, ruling_to_json
from primum.core.protocol.values import (
    CELLS,
    Domain,
    Kind,
    People,
    Range,
    Value,
    ValueRefused,
    read_value,
)
from primum.core.protocol.weigh import SEMANTICS, Plan, plan, weigh

__all__ = [
    "CELLS",
    "FACTS",
    "SEEN_BY",
    "SEMANTICS",
    "AnswerError",
    "AnswerMistake",
    "Answers",
    "Authority",
    "CommitmentOffer",
    "Completeness",
    "Condition",
    "Decides",
    "Domain",
    "EffectOffer",
    "Explanation",
    "Expression",
    "ExpressionError",
    "ExpressionMistake",
    "Facts",
    "Flaw",
    "Found",
    "GraveRule",
    "Independence",
    "Kind",
    "Library",
    "LookPlan",
    "Method",
    "Mistake",
    "Node",
    "Option",
    "People",
    "Phase",
    "Plan",
    "Proof",
    "Protocol",
    "ProtocolError",
    "Question",
    "Range",
    "Reach",
    "RegisteredFact",
    "Rule",
    "Section",
    "StopSpec",
    "Value",
    "ValueClass",
    "ValueRefused",
    "asked",
    "canonical",
    "completeness",
    "did_you_mean",
    "differences",
    "digest",
    "examine",
    "explain",
    "grave_findings",
    "holds",
    "looks_again",
    "loosened",
    "names_in",
    "open_names",
    "parse",
    "plain_answers",
    "plan",
    "read",
    "read_answers",
    "read_facts",
    "read_library",
    "read_value",
    "read_what_can_be",
    "replay",
    "ruling_from_json",
    "ruling_to_json",
    "seen_by",
    "weigh",
]
