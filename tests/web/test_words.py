"""Every sentence a page may say exists in French and Arabic, whole, with its placeholders."""

from __future__ import annotations

import ast
import inspect
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import jinja2
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import CommandLineInterface, parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.template import engines
from django.utils import translation
from django.utils.translation import trans_real
from jinja2 import nodes

from primum import protocols
from primum.actions.look import MADE, METHODS, NOT_MADE
from primum.actions.propose import EXEMPTIONS
from primum.cases.models import Advice, Commitment, Effect, Look, Report, Surprise, Weighing
from primum.cases.queries.due import DESK
from primum.core import coverage, effects, promises
from primum.core.command import Holding
from primum.core.protocol import Method, Phase, Proof, Protocol, credibility
from primum.core.protocol.model import CLOCKS
from primum.core.vocabulary import Choice, Level, Recommendation, Stage, Stakes, Verb
from primum.register.models import Match, Party
from primum.web import formats, words, words_did
from primum.web.views import parties, reports
from tests.cast import NOW

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "primum"
TEMPLATES = SOURCE / "web" / "templates"
LOCALE = SOURCE / "web" / "locale"
LANGUAGES = ("ar", "fr")

KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "pgettext_lazy": ((1, "c"), 2),
    "Because": (2,),
    "Change": (2,),
    "refuse": (3,),
}
"""Where Babel finds words: the same as the `-k` options that babel.cfg names."""
SAYS = {"_": 0, "gettext": 0, "gettext_lazy": 0, "pgettext_lazy": 1, "Because": 1, "Change": 1}
SAYS["refuse"] = 2
"""Which argument of a call is the sentence."""

Key = tuple[str | None, str]
"""A message: its context, where one word has two meanings, and its English."""

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|\{\w+\}")
ARABIC = re.compile(r"[\u0620-\u064a]")
WORD = re.compile(r"[A-Za-z]{2,}")
SAME_IN_FRENCH = {
    "Audit",
    "Intercession",
    "Suspensions",
    "district",
    "grave",
    "opinion",
    "Classification",
    "Conditions",
    "%(one)s, %(two)s",
    "Organisation",
    "Primum",
    "Questions",
    "Signature",
    "Source",
    "Sources",
    "certain",
    "force",
    "plausible",
    "possible",
    "questions",
    "suspension",
    "vacant",
}
STATIC_PAGES = {"400.html", "403.html", "500.html"}
"""Shown when nothing works any more, translations included: they say it in two languages."""
NAMES = {"Primum", "UTC", "CSV", "DOCX", "PDF"}


def asked() -> dict[Key, str]:
    """Every message of the source, and one file that asks for it."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as lines:
        methods, options = parse_mapping_cfg(lines)  # type: ignore[no-untyped-call]
    found = extract_from_dir(str(SOURCE), methods, options, KEYWORDS)
    return {(context, str(message)): name for name, _line, message, _notes, context in found}


def catalogue(language: str) -> Catalog:
    path = LOCALE / language / "LC_MESSAGES" / "django.po"
    with path.open("rb") as lines:
        return read_po(lines, locale=language, domain="django", abort_invalid=True)


def messages(language: str) -> Iterator[Message]:
    return (message for message in catalogue(language) if message.id)


def key(message: Message) -> Key:
    return message.context, str(message.id)


@pytest.fixture(scope="session", autouse=True)
def compiled() -> None:
    """The catalogues as Django reads them. `make install` writes them; a stale one is redone."""
    for language in LANGUAGES:
        source = LOCALE / language / "LC_MESSAGES" / "django.po"
        made = source.with_suffix(".mo")
        if made.exists() and made.stat().st_mtime >= source.stat().st_mtime:
            continue
        # Written beside it and renamed: another worker of this run may be reading.
        fresh = made.with_suffix(f".{os.getpid()}")
        with fresh.open("wb") as out:
            write_mo(out, catalogue(language))
        fresh.rename(made)
        trans_real._translations.pop(language, None)  # type: ignore[attr-defined]


# Nothing is missing, nothing is left over


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_holds_exactly_what_the_source_asks_for(language: str) -> None:
    """Run the extraction babel.cfg describes, add or remove what this names in both catalogues."""
    wanted, there = asked(), {key(message) for message in messages(language)}
    missing = {message: file for message, file in wanted.items() if message not in there}
    assert not missing, f"not in {language}: {missing}"
    assert not there - set(wanted), f"no longer asked for, in {language}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_says_that_no_speaker_has_read_it(language: str) -> None:
    """The header is lost by tools that rewrite the file: put it back, or take it out knowingly."""
    text = (LOCALE / language / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
    assert text.startswith("# The words of Primum's pages.\n# machine-written, review: needed\n")
    assert '"X-Review: needed\\n"' in text
    assert "#~ " not in text


def test_every_language_offered_has_its_catalogue() -> None:
    """English is the source; each other language of the settings has a folder, and none is idle."""
    offered = {code for code, _name in settings.LANGUAGES} - {settings.LANGUAGE_CODE}
    assert offered == set(LANGUAGES) == {path.name for path in LOCALE.iterdir()}


# Each translation is one


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_translation_is_there_and_settled(language: str) -> None:
    """No blank, no guess of a tool, no space around that the English does not have."""
    for message in messages(language):
        said = str(message.string)
        assert said, f"empty: {key(message)}"
        assert said == said.strip(), key(message)
        assert not message.fuzzy, f"fuzzy: {key(message)}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_kept_exactly(language: str) -> None:
    """A placeholder lost or misspelt is a page that breaks for those readers alone."""
    for message in messages(language):
        wanted = Counter(PLACEHOLDER.findall(str(message.id)))
        assert Counter(PLACEHOLDER.findall(str(message.string))) == wanted, key(message)


def test_arabic_is_written_in_arabic() -> None:
    """Letters of its own, and its own comma and question mark after them."""
    for message in messages("ar"):
        said = str(message.string)
        assert ARABIC.search(said) or not WORD.search(PLACEHOLDER.sub("", said)), key(message)
        assert not re.search(r"[\u0620-\u064a\u064b-\u0652][?;,]", said), key(message)


def test_french_is_not_english_left_over() -> None:
    """The few words both languages share are listed, so that none slips in unseen."""
    same = {str(message.id) for message in messages("fr") if message.string == message.id}
    assert same == SAME_IN_FRENCH


def test_french_spaces_do_not_break() -> None:
    """A line never begins with a colon: U+00A0 before it and inside « », U+202F before ; ? !"""
    for message in messages("fr"):
        said = str(message.string)
        assert not re.search(r"[^\u00a0\s]:(\s|$)|[ ][:;?!»]|«[^\u00a0]|[^\u00a0]»", said), said
        assert not re.search(r"[^\u202f][;?!](\s|$)", said), said
        assert "'" not in said, said


# Everything said can be found by the extraction


def templates() -> list[Path]:
    return sorted(TEMPLATES.rglob("*.html"))


def named(paths: Iterable[Path]) -> list[str]:
    return [str(path.relative_to(TEMPLATES)) for path in paths]


def syntax(path: Path) -> nodes.Template:
    return jinja2.Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))


def is_translation(node: nodes.Node) -> bool:
    return (
        isinstance(node, nodes.Call)
        and isinstance(node.node, nodes.Name)
        and node.node.name in ("_", "gettext", "ngettext", "pgettext")
    )


@pytest.mark.parametrize("path", templates(), ids=named(templates()))
def test_templates_translate_one_way(path: Path) -> None:
    """`{{ _("…") }}` with plain words: blocks are dropped by some tools, joined words by all."""
    assert not re.search(r"{%-?\s*(trans|blocktrans|pluralize)\b", path.read_text(encoding="utf-8"))
    for call in syntax(path).find_all(nodes.Call):
        if not is_translation(call):
            continue
        assert isinstance(call.node, nodes.Name)
        assert call.node.name == "_", f"line {call.lineno}"
        assert len(call.args) == 1, f"line {call.lineno}"
        assert isinstance(call.args[0], nodes.Const), f"line {call.lineno}"


class Visible(HTMLParser):
    """What a reader sees or hears of a page: text, and the attributes that are read out."""

    SPOKEN = ("alt", "title", "placeholder", "aria-label", "data-label")
    SILENT = ("script", "style", "code")

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in self.SILENT
        self.said += [value for name, value in attrs if name in self.SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in self.SILENT

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.said.append(data)


def hard_coded(path: Path) -> list[str]:
    """Words of a template that no translator will ever be shown."""
    text = path.read_text(encoding="utf-8")
    # The block named width holds a class of the style sheet, not words.
    text = re.sub(r"{% block width %}\w*{% endblock %}", "", text)
    text = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "\u2063", text, flags=re.S)
    page = Visible()
    page.feed(text)
    page.close()
    found = [said for said in page.said if set(WORD.findall(said)) - NAMES]
    return found + [said for said in constants(syntax(path)) if len(WORD.findall(said)) > 1]


def constants(node: nodes.Node) -> Iterator[str]:
    """Strings inside expressions that are not translated: labels handed to a macro, say."""
    for child in node.iter_child_nodes():
        if is_translation(child) or isinstance(child, nodes.Extends | nodes.Import):
            continue
        value = child.value if isinstance(child, nodes.Const) else ""
        # An attribute handed on as text (inputmode="numeric") is markup.
        if isinstance(value, str) and " " in value and "=" not in value:
            yield value
        yield from constants(child)


@pytest.mark.parametrize("path", templates(), ids=named(templates()))
def test_no_template_holds_words_of_its_own(path: Path) -> None:
    """Whatever is not markup or an expression is translated first."""
    if path.name not in STATIC_PAGES:
        assert hard_coded(path) == []


def calls() -> Iterator[tuple[str, ast.Call, bool]]:
    """Every call that says something, in which file, and whether an f-string hides it."""
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        hidden = {
            id(inner)
            for outer in ast.walk(tree)
            if isinstance(outer, ast.JoinedStr)
            for inner in ast.walk(outer)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                yield str(path.relative_to(SOURCE)), node, id(node) in hidden


def test_every_sentence_in_the_source_is_a_plain_string() -> None:
    """Only what stands there as one string is found; `Because` is where the others come from."""
    passed_on = {
        ("web/words.py", "gettext"),
        ("actions/base.py", "Because"),
        ("actions/intercede.py", "refuse"),
        ("api/says.py", "gettext"),
        ("core/protocol/compare.py", "Because"),
    }
    unfound = set()
    for file, call, _hidden in calls():
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        if name not in SAYS or len(call.args) <= SAYS[name]:
            continue
        says = call.args[SAYS[name]]
        if not (isinstance(says, ast.Constant) and isinstance(says.value, str)):
            unfound.add((file, name))
    assert unfound == passed_on


def test_no_sentence_hides_in_an_f_string() -> None:
    """Before Python 3.12 the extraction cannot look into one: the sentence would stay English."""
    hiding = [(file, call.lineno) for file, call, hidden in calls() if hidden and says(call)]
    assert hiding == []


def says(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id in SAYS


# Every code has its word


def shipped() -> list[Protocol]:
    of_missions = sorted(SOURCE.glob("missions/*/protocols/*.yaml"))
    return [
        *map(protocols.load, protocols.available()),
        *(protocols.parse(path.read_text(encoding="utf-8"), path.name) for path in of_missions),
    ]


def named_by_protocols() -> set[str]:
    """The duties and roles that shipped protocols name, and who passes their hard stops."""
    found: set[str] = set()
    for protocol in shipped():
        found |= protocol.assesses | protocol.advises
        found |= {duty for duties in protocol.decides.values() for duty in duties}
        found |= {look.by for look in protocol.looks}
        found |= {code for each in protocol.commitments for code in (each.by, each.verifier)}
        found |= {stop.passable_word for stop in protocol.hard_stops}
    return found


def returned(function: Callable[..., object]) -> set[str]:
    """The codes a function may answer with."""
    tree = ast.parse(inspect.getsource(function))
    return {
        leaf.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Return)
        for leaf in ast.walk(node)
        if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str) and leaf.value
    }


def given_first(function: str, position: int, folder: Path) -> set[str]:
    """The plain strings handed to a function at one position, anywhere below a folder."""
    return {
        argument.value
        for file, call, _hidden in calls()
        if (SOURCE / file).is_relative_to(folder)
        and isinstance(call.func, ast.Name)
        and call.func.id == function
        and len(call.args) > position
        and isinstance(argument := call.args[position], ast.Constant)
        and isinstance(argument.value, str)
    }


CODES: dict[str, Callable[[], Iterable[str]]] = {
    "stages": lambda: Stage,
    "levels": lambda: [level.word for level in Level],
    "recommendations": lambda: Recommendation,
    "choices": lambda: Choice,
    "stakes": lambda: [word for s in Stakes for word in (s.word, f"stakes_{s.word}")],
    "kinds of decision": lambda: [*map(str, (Verb.SUSPEND, Verb.RESUME, Verb.WITHDRAW)), "release"],
    "advice": lambda: Advice.Position.values,
    "look states": lambda: [*Look.State.values, "overdue"],
    "commitment states": lambda: Commitment.State.values,
    "results and methods of a look": lambda: [*MADE, *NOT_MADE, *METHODS, *Method],
    "phases and proofs": lambda: [*Phase, *Proof],
    "breach causes": lambda: returned(coverage.breach),
    "report confidence": lambda: [*Report.Confidence.values, *reports.CONFIDENCE],
    "kinds of party": lambda: [*Party.Kind.values, *parties.KINDS],
    "exemptions": lambda: [f"exempt_{code}" for code in EXEMPTIONS],
    "times a protocol sets": lambda: [f"clock_{name}" for name in CLOCKS],
    "routes": lambda: [f"route_{code}" for code in credibility.ROUTES],
    "standards": lambda: [f"standard_{code}" for code in credibility.STANDARDS],
    "factors": lambda: [f"factor_{code}" for code in credibility.FACTORS],
    "what a factor speaks for": lambda: [f"speaks_{code}" for code in credibility.SPEAKS],
    "whether a tie held": lambda: Holding,
    "states of a match": lambda: [
        state if state == Match.State.CONFIRMED else f"{state}_match"
        for state in Match.State.values
    ],
    "what waits on a desk": lambda: [kind for kinds in DESK.values() for kind in kinds],
    "how an effect comes about": lambda: [f"how_{code}" for code in effects.MECHANISMS],
    "what is said of an effect": lambda: [
        *(*effects.HORIZONS, *effects.LIKELIHOODS, *effects.SIGNS, *Effect.State.values),
        *(f"seriousness_{code}" for code in effects.SERIOUSNESS),
        *(f"reversible_{code}" for code in effects.REVERSIBLE),
        *(effects.AS_PROPOSED, effects.DO_NOTHING),
    ],
    "what a second reader finds": lambda: Weighing.Finds.values,
    "what a steward answers": lambda: [f"surprise_{code}" for code in Surprise.Answer.values],
    "yes and no": lambda: ["yes", "no"],
    "how a promise is checked": lambda: [f"how_{c}" for c in (*promises.HOW, *promises.COULD_NOT)],
    "to whom it is owed": lambda: [f"to_{code}" for code in ("mission", "people")],
    "what became of an undertaking": lambda: [f"answer_{code}" for code in promises.UNDERTAKING],
    "what the authorities did": lambda: promises.STEPS,
    "how it was answered for": lambda: [
        f"account_{code}" for code in (promises.NO_FINDING, *promises.LADDER)
    ],
    "what is waived": lambda: [f"waived_{code}" for code in promises.WAIVED],
    "duties that protocols name": named_by_protocols,
}


@pytest.mark.parametrize("kind", CODES)
def test_every_code_shown_has_a_word(kind: str) -> None:
    """A code without one is shown in English to everybody."""
    codes = {str(code) for code in CODES[kind]()}
    assert codes
    assert not codes - set(words.WORDS)


def test_every_verb_of_the_ledger_has_words() -> None:
    """A timeline is read by people who never saw a verb of ours."""
    verbs = {str(verb) for verb in Verb} | given_first("log", 1, SOURCE / "actions")
    verbs |= {"record_breach", "look_refused"}
    assert not verbs - set(words_did.DID)


def test_every_mistake_in_an_answer_has_words() -> None:
    """The core gives a code and an English sentence; pages say it in the reader's language."""
    core = SOURCE / "core" / "protocol"
    codes = given_first("ValueRefused", 0, core) | given_first("AnswerMistake", 1, core)
    codes |= {
        "required",
        "lines_say_more",
        "not_exempt",
        "names_person",
        "is_review",
        "records_say_more",
        "unconfirmed",
    }  # of actions/assess.py, actions/seen.py and actions/weigh_effects.py
    assert codes
    assert codes == set(words.MISTAKES)


@pytest.mark.parametrize("path", templates(), ids=named(templates()))
def test_every_code_a_template_names_has_a_word(path: Path) -> None:
    """`"kept"|word` in a template is a code like any other."""
    for found in syntax(path).find_all(nodes.Filter):
        if found.name == "word" and isinstance(found.node, nodes.Const):
            assert found.node.value in words.WORDS, f"line {found.lineno}"


# Readers see it


@pytest.mark.parametrize("language", LANGUAGES)
def test_readers_see_their_language(language: str) -> None:
    """A sentence, a word, and one word with two meanings, through Django itself."""
    said = {key(message): str(message.string) for message in messages(language)}
    with translation.override(language):
        assert translation.gettext("My desk") == said[None, "My desk"]
        assert words.word("suspended") == said[None, "suspended"]
        assert words.did("suspend") == said["what a post did", "suspended"]
    assert words.word("suspended") == "suspended"


@pytest.mark.parametrize(
    ("language", "shown"), [("fr", "2 mars 2026, 09:00 UTC"), ("ar", "2 مارس 2026, 09:00 UTC")]
)
def test_dates_are_in_the_readers_language(language: str, shown: str) -> None:
    """Month names are Django's own."""
    with translation.override(language):
        assert formats.moment(NOW) == shown


def test_arabic_runs_from_right_to_left() -> None:
    """And French does not."""
    assert translation.get_language_info("ar")["bidi"]
    assert not translation.get_language_info("fr")["bidi"]


def test_a_word_in_a_template_is_not_frozen_in_the_first_readers_language() -> None:
    """Jinja works out a filter on a constant once, when it compiles the template."""
    with translation.override("ar"):
        template = engines["jinja2"].from_string('{{ "not_now"|word }}')
        template.render()
    with translation.override("fr"):
        assert template.render() == "pas maintenant"


def test_the_command_of_make_install_compiles_them(tmp_path: Path) -> None:
    """The same options, on a copy: an error in a placeholder makes it fail."""
    for language in LANGUAGES:
        folder = tmp_path / language / "LC_MESSAGES"
        folder.mkdir(parents=True)
        source = LOCALE / language / "LC_MESSAGES" / "django.po"
        (folder / "django.po").write_bytes(source.read_bytes())
    run = ["pybabel", "--quiet", "compile", "--directory", str(tmp_path), "--domain", "django"]
    assert not CommandLineInterface().run(run)  # type: ignore[no-untyped-call]
    assert all((tmp_path / language / "LC_MESSAGES/django.mo").exists() for language in LANGUAGES)
