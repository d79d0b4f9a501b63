"""Every kind of mistake a protocol can hold, with its place and the words that put it right."""

from __future__ import annotations

import pytest

from primum.core.protocol import Authority, ProtocolError
from primum.core.vocabulary import Stakes
from primum.protocols import parse

GOOD = """\
protocol: post-visit
title: {en: Visit to a post, fr: Visite d’un poste}
languages: [en, fr]
questions:
  - id: access
    section: do
    ask: {en: 'May we come?', fr: 'Pouvons-nous venir ?'}
    kind: choice
    options: [written, spoken, refused]
  - id: detention
    section: harm
    ask: {en: 'Are people held?', fr: 'Y a-t-il des détenus ?'}
    kind: yes_no
    required: yes
  - id: heard
    section: decide
    ask: {en: 'Who was heard?', fr: 'Qui a été entendu ?'}
    kind: several
    options:
      women: {en: Women, fr: Des femmes}
      elders: {en: Elders, fr: Des anciens}
    when: detention == yes
  - id: worth
    section: brings
    ask: {en: 'What is it worth?', fr: 'Combien vaut-il ?'}
    kind: money
    currency: USD
  - id: suffered
    section: happened
    ask: {en: 'Has anyone suffered?', fr: 'Quelqu’un a-t-il souffert ?'}
    kind: yes_no
rules:
  - id: shut
    when: detention == yes and access != written
    level: high
    says: {en: We could not come., fr: Nous ne pourrions pas venir.}
    cites: the policy, part 1
  - id: rich
    when: worth > 50000
    level: medium
    says: {en: It is worth much., fr: Cela vaut cher.}
    cites: the policy, part 2
hard_stops:
  - {rule: shut, passable_by: leadership}
effects:
  - {id: fear, who: {en: All, fr: Tous}, what: {en: Fear, fr: La peur}, order: 2}
commitments:
  - id: access_any_time
    text: {en: We come at any time., fr: Nous venons à tout moment.}
    phase: during
    by: recipient
    proof: visit
    verifier: verifies
    due: 30d
looks:
  - id: first
    title: {en: First look, fr: Premier suivi}
    by: field_monitor
    after: [3d, 30d]
    repeat: {every: 90d, until: 390d}
    grace: 14d
    method: [visit, phone]
    asks: [suffered]
assesses: assesses
decides: {ordinary: head, high: deputy, leadership: chief}
lease: 90d
watch: 365d
"""

SOUND = GOOD.replace(
    "    when: detention == yes\n", "    when: detention == yes\n    read_by: chief\n"
)
"""The same without a flaw of sense: somebody reads who was heard."""

AUTHORITY = Authority(
    duties=frozenset({"verifies", "field_monitor", "assesses", "head", "deputy", "chief"}),
    deciders={
        Stakes.ORDINARY: frozenset({"head", "deputy", "chief"}),
        Stakes.HIGH: frozenset({"deputy", "chief"}),
        Stakes.LEADERSHIP: frozenset({"chief"}),
    },
)


def mistakes(text: str, authority: Authority | None = None, *, thorough: bool = False) -> list[str]:
    with pytest.raises(ProtocolError) as error:
        parse(text, "post.yaml", authority, thorough=thorough)
    lines = str(error.value).splitlines()
    assert all(line.startswith("post.yaml:") for line in lines)
    return [line.removeprefix("post.yaml:") for line in lines]


def edited(old: str, new: str) -> str:
    assert GOOD.count(old) == 1, f"{old!r} is in the good protocol {GOOD.count(old)} times"
    return GOOD.replace(old, new)


def test_the_good_one_is_good() -> None:
    protocol = parse(GOOD, "post.yaml", AUTHORITY)
    assert protocol.id == "post-visit"
    assert protocol.looks[0].after_days == (3, 30, 120, 210, 300, 390)
    assert protocol.languages == ("en", "fr")
    assert protocol.by_id["access"].options[0].label == {"en": "written"}
    assert protocol.by_id["heard"].domain.options == ("women", "elders")


CASES = [
    # keys
    (
        "lease: 90d",
        "leese: 90d",
        [
            "1:1: a protocol has no lease; add lease:",
            '66:1: "leese" is not a key of a protocol; did you mean "lease"?',
        ],
    ),
    (
        "order: 2",
        "odor: 2",
        [
            "46:5: an effect has no order; add order:",
            '46:73: "odor" is not a key of an effect;'
            " known keys: good, id, order, signpost, what, who",
        ],
    ),
    (
        "    cites: the policy, part 2\n",
        "    cites: the policy, part 2\n    colour: red\n",
        [
            '43:5: "colour" is not a key of a rule; '
            "known keys: asks_first, audience, cites, id, level, says, when, wording"
        ],
    ),
    ("    cites: the policy, part 1\n", "", ["33:5: a rule has no cites; add cites:"]),
    ("    section: harm\n", "", ["10:5: a question has no section; add section:"]),
    (
        "    by: field_monitor\n",
        "",
        ['56:5: look "first" has no looker; add by: and the duty that makes it'],
    ),
    (
        "  - {rule: shut, passable_by: leadership}",
        "  - shut",
        ["44:5: a hard stop is written as keys and values: rule, passable_by"],
    ),
    # shapes and words
    (
        "protocol: post-visit",
        "protocol: Post visit",
        ['1:11: "Post visit" cannot name a protocol; use small-letters-so'],
    ),
    (
        "protocol: post-visit",
        "protocol: ''",
        ["1:11: protocol is empty; write it or remove the key"],
    ),
    (
        "    cites: the policy, part 2\n",
        "    cites: |\n      one\n      two\n",
        ["43:7: cites is written on one line"],
    ),
    (
        "title: {en: Visit to a post, fr: Visite d’un poste}",
        "title: Visit to a post",
        ["2:8: title is written by language; write {en: ...}"],
    ),
    (
        "    method: [visit, phone]",
        "    method: visit",
        ["62:13: method is a list; write - before each, or [one, two]"],
    ),
    (
        "lease: 90d",
        "lease: 3 months",
        ['66:8: lease is a number of days such as 30d, not "3 months"'],
    ),
    (
        "{en: Visit to a post, fr:",
        "{en: Visit to a post, or two, fr:",
        [
            '2:30: "or two" is no language; a sentence with a comma in it needs quotes round the'
            " whole",
        ],
    ),
    (
        "{en: Visit to a post, fr:",
        "{en: Visit to a post, de: Besuch, fr:",
        ['2:30: "de" is not a language of this protocol; add it to languages'],
    ),
    ("lease: 90d", "lease: 0d", ["66:8: lease is one day or more"]),
    ("watch: 365d", "watch: 0d", ["67:8: watch is one day or more"]),
    ("    required: yes", "    required: true", ["14:15: required is yes or no"]),
    (
        "    required: yes",
        "    wording: checked",
        ['14:14: "checked" is no wording; did you mean "to be checked"?'],
    ),
    (
        "lease: 90d",
        "layout: cards\nlease: 90d",
        ['66:9: "cards" is no layout; did you mean "card"?'],
    ),
    (
        "lease: 90d",
        "review: later\nlease: 90d",
        ['66:9: "later" is no review; it is one of needed, done'],
    ),
    # languages
    (
        "languages: [en, fr]",
        "languages: [fr]",
        ["3:12: English is missing; add en, the language every reader falls to"],
    ),
    (
        "languages: [en, fr]",
        "languages: [en, fr, français]",
        ['3:21: "français" is not a language code such as fr'],
    ),
    (", fr: Visite d’un poste}", "}", ["2:8: title has no fr translation; add fr:"]),
    (", fr: Des anciens}", "}", ["21:15: option elders has no fr translation; add fr:"]),
    (
        ", fr: Cela vaut cher.}",
        ", fr: ''}",
        ["41:39: says in fr is empty; write it or remove the key"],
    ),
    (
        ", fr: Cela vaut cher.}",
        ", fr: Cela vaut cher., es: Vale mucho.}",
        ['41:56: "es" is not a language of this protocol; add it to languages'],
    ),
    # questions
    (
        "  - id: worth\n",
        "  - id: access\n",
        [
            '23:9: "access" is already used above; rename one of the two',
            '39:11: "worth" is not a question of this protocol nor a registered fact',
        ],
    ),
    (
        "  - id: worth\n",
        "  - id: Worth it\n",
        [
            '23:9: "Worth it" cannot be a question id; use small letters, digits and _',
            '39:11: "worth" is not a question of this protocol nor a registered fact',
        ],
    ),
    (
        "  - id: worth\n",
        "  - id: not\n",
        [
            '23:9: "not" is a word of the rules and cannot be a question id; rename it',
            '39:11: "worth" is not a question of this protocol nor a registered fact',
        ],
    ),
    (
        "  - id: worth\n",
        "  - id: yes\n",
        [
            '23:9: "yes" is an answer; rename the question',
            '39:11: "worth" is not a question of this protocol nor a registered fact',
        ],
    ),
    (
        "    section: harm",
        "    section: harms",
        ['11:14: "harms" is no section; did you mean "harm"?'],
    ),
    (
        "    kind: money\n    currency: USD",
        "    kind: monney",
        ['26:11: "monney" is no kind; did you mean "money"?'],
    ),
    (
        "    kind: money\n    currency: USD",
        "    kind: money",
        ["26:11: money has no currency; add currency: USD"],
    ),
    ("currency: USD", "currency: dollars", ['27:15: "dollars" is not a currency code such as USD']),
    ("    required: yes", "    currency: USD", ["14:15: a yes_no has no currency; remove it"]),
    (
        "    options: [written, spoken, refused]\n",
        "",
        ["8:11: a choice has no options; add options:"],
    ),
    (
        "    required: yes",
        "    options: [yes, no]",
        ["14:14: a yes_no takes no options; remove them or make it a choice"],
    ),
    ("[written, spoken, refused]", "[written]", ["9:14: a choice has two options or more"]),
    ("[written, spoken, refused]", "written", ["9:14: a choice has two options or more"]),
    (
        "[written, spoken, refused]",
        "[written, spoken, written]",
        ["9:14: an option is listed twice; name each once"],
    ),
    (
        "[written, spoken, refused]",
        "[written, unknown]",
        [
            '9:24: "unknown" is a word of the rules and cannot be an option; rename it',
            "9:14: a choice has two options or more",
        ],
    ),
    (
        "    when: detention == yes\n",
        "    when: worth > 3\n",
        ['22:11: "worth" is asked further down; move it above "heard"'],
    ),
    (
        "    when: detention == yes\n",
        "    when: women in heard\n",
        ['22:11: a cycle: "heard" waits for its own answer'],
    ),
    (
        "    when: detention == yes\n",
        "    when: party.record == none\n",
        ['22:11: "party.record" is a fact; asking or not asking would give it away'],
    ),
    # rules
    (
        "access != written",
        "acess != written",
        [
            '34:32: "acess" is not a question of this protocol nor a registered fact; '
            'did you mean "access"?'
        ],
    ),
    ("  - id: rich", "  - id: shut", ['38:9: "shut" is already used above; rename one of the two']),
    (
        "level: medium",
        "level: grave",
        ['40:12: "grave" is no level; it is one of low, medium, high, barred'],
    ),
    (
        "level: medium",
        "level: low",
        ["40:12: every case is low to begin with; write medium or more"],
    ),
    (
        "when: worth > 50000",
        "when: suffered == yes",
        ['39:11: "suffered" is asked at looks, after the decision; ask it before, or drop it'],
    ),
    (
        "when: worth > 50000",
        "when: worth > 50,000",
        ['39:21: ",": the rule should end here; join two comparisons with and, or'],
    ),
    (
        "when: worth > 50000",
        "when: worth = 50000",
        ["39:17: = has no meaning here; write == to compare"],
    ),
    (
        "when: worth > 50000",
        "when: worth > many",
        ["39:19: many is a word, but worth takes an amount"],
    ),
    (
        "when: worth > 50000",
        "when: [worth]",
        ["39:11: when is one expression; write it on one line or after |"],
    ),
    (
        "when: worth > 50000",
        "when: 'worth > 50000'",
        ["39:11: when is in quotes; write it plain on one line, or after |"],
    ),
    (
        "when: worth > 50000",
        'when: "worth > 50000"',
        ["39:11: when is in quotes; write it plain on one line, or after |"],
    ),
    (
        "when: worth > 50000",
        "when: >\n      worth > 50000",
        [
            "39:11: when is folded with >, which loses columns; "
            "write it plain on one line, or after |"
        ],
    ),
    (
        "when: worth > 50000",
        "when: worth\n      > 50000",
        ["39:11: when is spread over several lines; write it plain on one line, or after |"],
    ),
    (
        "when: worth > 50000",
        "when: |\n      detention == yes\n      and wroth > 50000",
        [
            '41:11: "wroth" is not a question of this protocol nor a registered fact; '
            'did you mean "worth"?'
        ],
    ),
    (
        "when: worth > 50000",
        "when: |\n      detention == yes\n      and worth >\n",
        ["41:18: the rule ends: a constant to compare worth with is missing"],
    ),
    # hard stops
    (
        "rule: shut",
        "rule: shout",
        ['44:12: "shout" is not a rule of this protocol; did you mean "shut"?'],
    ),
    (
        "rule: shut",
        "rule: zzz",
        ['44:12: "zzz" is not a rule of this protocol; name a rule listed under rules'],
    ),
    (
        "passable_by: leadership",
        "passable_by: ordinary",
        ['44:31: "ordinary" is no passable_by; it is one of nobody, high, leadership'],
    ),
    (
        "  - {rule: shut, passable_by: leadership}\n",
        "  - {rule: shut, passable_by: leadership}\n  - {rule: shut, passable_by: nobody}\n",
        ['45:12: "shut" is already used above; rename one of the two'],
    ),
    # effects and commitments
    ("order: 2", "order: 4", ['46:80: "4" is no order; it is one of 1, 2, 3']),
    (
        "phase: during",
        "phase: while",
        ['50:12: "while" is no phase; it is one of before, during, after'],
    ),
    ("proof: visit", "proof: visits", ['52:12: "visits" is no proof; did you mean "visit"?']),
    (
        "verifier: verifies",
        "verifier: [verifies, assesses]",
        ["53:15: verifier is one duty; name the one that answers for it"],
    ),
    (
        "    due: 30d\n",
        "    due: soon\n",
        ['54:10: due is a number of days such as 30d, not "soon"'],
    ),
    ("    due: 30d\n", "    every: 0d\n", ["54:12: every is one day or more"]),
    (
        "    due: 30d\n",
        "    when: suffered == yes\n",
        ['54:11: "suffered" is asked at looks, after the decision; ask it before, or drop it'],
    ),
    # looks
    (
        "after: [3d, 30d]",
        "after: [30d, 3d]",
        ["59:12: the days of after rise; write the nearest first, each once"],
    ),
    ("    after: [3d, 30d]\n", "", ["56:5: a look has no after; add after:"]),
    (
        "    asks: [suffered]\n",
        "",
        [
            "56:5: a look has no asks; add asks:",
            '28:9: "suffered" is asked at no look; add it to the asks of one',
        ],
    ),
    (
        "when: worth > 50000",
        "when: |",
        ["40:1: the rule ends: a comparison starts with a name here"],
    ),
    (
        "after: [3d, 30d]",
        "after: []",
        ["59:12: a look falls due at least once; write for example after: 30d"],
    ),
    ("until: 390d", "until: 60d", ["60:33: the repeat ends before it begins; make until later"]),
    ("every: 90d", "every: 1d", ["60:13: this makes more than 60 looks; look less often"]),
    (", until: 390d", "", ["60:13: repeat has no until; add until:"]),
    (
        "method: [visit, phone]",
        "method: [visit, fone]",
        ['62:21: "fone" is no method; did you mean "phone"?'],
    ),
    (
        "asks: [suffered]",
        "asks: [suffred]",
        [
            '63:11: "suffred" is not a question of this protocol; did you mean "suffered"?',
            '28:9: "suffered" is asked at no look; add it to the asks of one',
        ],
    ),
    (
        "asks: [suffered]",
        "asks: [suffered, zzz]",
        ['63:11: "zzz" is not a question of this protocol; add it under questions'],
    ),
    (
        "asks: [suffered]",
        "asks: [suffered, access]",
        ['63:11: "access" is asked before the decision; a look asks happened or answer'],
    ),
    (
        "asks: [suffered]",
        "asks: [suffered, suffered]",
        ['63:22: "suffered" is named twice; name it once'],
    ),
    # who decides
    (
        "decides: {ordinary: head, high: deputy, leadership: chief}",
        "decides: {ordinary: head, high: deputy}",
        ["65:10: nobody may decide at leadership stakes; add leadership: and a duty"],
    ),
    (
        "high: deputy, ",
        "hihg: deputy, ",
        [
            '65:27: "hihg" is not a key of decides; did you mean "high"?',
            "65:10: nobody may decide at high stakes; add high: and a duty",
        ],
    ),
    ("high: deputy, ", "high: [], ", ["65:33: nobody may decide at high stakes; name a duty"]),
]


@pytest.mark.parametrize(("old", "new", "expected"), CASES)
def test_a_mistake(old: str, new: str, expected: list[str]) -> None:
    assert sorted(expected) == sorted(mistakes(edited(old, new)))


AUTHORITY_CASES = [
    (
        "assesses: assesses",
        "assesses: asesses",
        '64:11: "asesses" is not a duty of this mission; did you mean "assesses"?',
    ),
    (
        "assesses: assesses",
        "assesses: [assesses, zzz]",
        '64:11: "zzz" is not a duty of this mission; add it to the mission or name another',
    ),
    (
        "by: field_monitor",
        "by: field_monitors",
        '58:9: "field_monitors" is not a duty of this mission; did you mean "field_monitor"?',
    ),
    (
        "verifier: verifies",
        "verifier: verify",
        '53:15: "verify" is not a duty of this mission; did you mean "verifies"?',
    ),
    (
        "by: recipient",
        "by: recipients",
        '51:9: "recipients" is not a duty of this mission; did you mean "recipient"?',
    ),
    (
        "leadership: chief",
        "leadership: deputy",
        '65:53: "deputy" may not decide at leadership stakes; these may: chief',
    ),
    (
        "ordinary: head",
        "ordinary: hed",
        '65:21: "hed" is not a duty of this mission; did you mean "head"?',
    ),
]


@pytest.mark.parametrize(("old", "new", "expected"), AUTHORITY_CASES)
def test_a_mistake_only_the_mission_shows(old: str, new: str, expected: str) -> None:
    text = edited(old, new)
    assert [expected] == mistakes(text, AUTHORITY)
    assert parse(text), "without a mission to check against, duties are taken as written"


def test_stakes_nobody_may_decide_in_this_mission() -> None:
    nobody = Authority(AUTHORITY.duties, {**AUTHORITY.deciders, Stakes.LEADERSHIP: frozenset()})
    assert mistakes(GOOD, nobody) == [
        "44:31: nobody in this mission may pass it at leadership stakes; name who may",
        '65:53: "chief" may not decide at leadership stakes; '
        "these may: nobody: add it to the authority table",
    ]


def test_every_mistake_is_told_at_once_and_in_order() -> None:
    text = GOOD
    for old, new in (
        ("365d", "a year"),
        ("kind: money\n    currency: USD", "kind: gold\n    cites: none"),
        ("rule: shut", "rule: x"),
        ("detention == yes and", "detenton == yes and"),
    ):
        text = text.replace(old, new)
    assert [said.split(": ")[0] for said in mistakes(text)] == ["26:11", "34:11", "44:12", "67:8"]


def test_a_question_that_cannot_be_read_does_not_bury_the_rules_that_use_it() -> None:
    assert mistakes(edited("kind: money\n    currency: USD", "kind: gold")) == [
        '26:11: "gold" is no kind; it is one of yes_no, choice, several, number, text, date, '
        "money, place, party, people, evidence"
    ]


def test_a_question_without_options_leaves_its_rules_alone() -> None:
    assert mistakes(edited("[written, spoken, refused]", "[]")) == [
        "9:14: a choice has two options or more",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "just words",
            "1:1: a protocol is written as keys and values: protocol, title, "
            "questions, rules, assesses, decides, lease, watch",
        ),
        (
            "[a, b]",
            "1:1: a protocol is written as keys and values: protocol, title, "
            "questions, rules, assesses, decides, lease, watch",
        ),
    ],
)
def test_a_document_that_is_no_protocol_at_all(text: str, expected: str) -> None:
    assert [expected] == mistakes(text)


def test_a_protocol_that_asks_nothing() -> None:
    start, end = GOOD.index("questions:"), GOOD.index("rules:")
    assert "4:12: a protocol asks at least one question" in mistakes(
        GOOD[:start] + "questions: []\n" + GOOD[end:]
    )


def test_a_question_of_looks_that_no_look_asks() -> None:
    start, end = GOOD.index("looks:"), GOOD.index("assesses:")
    assert mistakes(GOOD[:start] + GOOD[end:]) == [
        '28:9: "suffered" is asked at no look; add it to the asks of one'
    ]


def test_without_a_list_of_languages_there_is_english() -> None:
    said = mistakes(GOOD.replace("languages: [en, fr]\n", ""))
    assert said[0] == '2:30: "fr" is not a language of this protocol; add it to languages'
    assert parse(
        "protocol: a\ntitle: {en: A}\nquestions:\n"
        "  - {id: b, section: do, ask: {en: B?}, kind: yes_no}\n"
        "rules: []\nassesses: x\ndecides: {ordinary: x, high: x, leadership: x}\n"
        "lease: 1d\nwatch: 1d\n"
    ).languages == ("en",)
