"""What a form costs: interactions counted in a real browser, minutes by the keystroke-level model.

The model: S. K. Card, T. P. Moran and A. Newell, “The keystroke-level model for user performance
time with interactive systems”, Communications of the ACM 23 (7), 1980, 396-410; the same in their
“The Psychology of Human-Computer Interaction” (1983), chapter 8. Its operators, in seconds:

K   0.28   one key, or one touch once the finger is there (an average typist, not a secretary)
P   1.10   to bring the finger or pointer to a target
H   0.40   to bring the hand from pointing to the keyboard, or back
M   1.35   to prepare in one's mind for what comes next

A tap is P + K. A field is a tap, H to the keys, one K for each character, H back. Before each
question there is one M. No clock is looked at: the same form costs the same on any machine.

The model knows neither reading aloud nor walking through a prison. It is a floor for handling the
form, told beside the count, and never a promise of how long a visit takes.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page

K, P, H, M = 0.28, 1.10, 0.40, 1.35


@dataclass
class Tally:
    """Taps and fields as they are made, and what they would take."""

    taps: int = 0
    fields: int = 0
    characters: int = 0
    thoughts: int = 0
    steps: list[str] = field(default_factory=list)

    @property
    def interactions(self) -> int:
        """What somebody does: each tap, and each field that is filled."""
        return self.taps + self.fields

    @property
    def seconds(self) -> float:
        tapping = (self.taps + self.fields) * (P + K)
        typing = self.fields * 2 * H + self.characters * K
        return tapping + typing + self.thoughts * M

    @property
    def minutes(self) -> float:
        return self.seconds / 60

    def __str__(self) -> str:
        return (
            f"{self.interactions} interactions ({self.taps} taps, {self.fields} fields with"
            f" {self.characters} characters, {self.thoughts} questions): {self.seconds:.0f} s"
        )


class Hand:
    """Does what a finger does on a page, and counts it. What it cannot see it cannot touch."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.tally = Tally()

    def think(self) -> None:
        """A question is read and considered."""
        self.tally.thoughts += 1

    def tap(self, target: Locator | str) -> None:
        """One touch of something that is on the screen."""
        here = self.page.locator(target) if isinstance(target, str) else target
        here.click()
        self.tally.taps += 1
        self.tally.steps.append(f"tap {target}")

    def write(self, target: Locator | str, text: str) -> None:
        """A field is touched and written into."""
        here = self.page.locator(target) if isinstance(target, str) else target
        here.click()
        here.press_sequentially(text)
        self.tally.fields += 1
        self.tally.characters += len(text)
        self.tally.steps.append(f"write {target}: {text}")

    def choose(self, name: str, value: str) -> None:
        """One answer of a question, by its label: the thing a finger can hit."""
        self.think()
        box = self.page.locator(f"[name='{name}'][value='{value}']")
        self.tap(self.page.locator("label.choice").filter(has=box))
