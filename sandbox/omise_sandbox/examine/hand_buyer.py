"""A buyer by hand: a tester buys, and answers what the shop says."""

from collections.abc import Sequence
from typing import Protocol

from omise_sandbox.examine.buyer import ORDINARY, Buyer, Seen, Twist, not_by
from omise_sandbox.examine.cards import MONTH, PAID, SECURITY_CODE, YEAR
from omise_sandbox.examine.recipe import Recipe, Step
from omise_sandbox.examine.timeline import Timeline
from omise_sandbox.testing.world import World

DONE = "Done"
AT_THE_BANK = "at the bank"
#: What a tester can answer about a shop.
SAYS = ("paid", "declined", "pending", "refunded", "error", "unknown")


class Ask(Protocol):
    """Puts a question to the tester, and gives the choice."""

    def __call__(self, text: str, choices: Sequence[str]) -> str:
        """Wait for the choice."""


class HandBuyer(Buyer):
    """A tester with a browser."""

    def __init__(self, recipe: Recipe, world: World, timeline: Timeline, ask: Ask) -> None:
        super().__init__(recipe, world, timeline)
        self._ask = ask

    def prepares(self) -> None:
        """Fill a cart."""
        self._does("Fill a cart at the shop, and open its payment page.")

    def pays(self, number: str = PAID, twist: Twist = ORDINARY) -> Seen:
        """Pay with a card, and say what happens."""
        if twist.with_token or twist.changed:
            raise not_by("a tester", "change what the browser sends; use a recipe")
        pay = f"Pay with the card {number}, {MONTH:02}/{YEAR % 100}, code {SECURITY_CODE}."
        if twist.meanwhile:
            self._does(f"{pay} Do not wait for the answer.")
            twist.meanwhile()
            return self._says("What does the shop say?")
        return self._says(f"{pay} What does the shop say?")

    def clicks_twice(self) -> list[Seen]:
        """Press the button twice."""
        return [self._says(f"Enter the card {PAID}, and press Pay twice. What does the shop say?")]

    def pays_in_two_tabs(self) -> list[Seen]:
        """Pay in two tabs."""
        self._does(f"Open the payment page in a second tab, and enter the card {PAID} in both.")
        return [self._says("Press Pay in both, one after the other. What does the second say?")]

    def reloads(self) -> Seen:
        """Reload."""
        return self._says("Reload the page, and send the form again if asked. What does it say?")

    def goes_back_and_pays(self) -> Seen:
        """Go back."""
        return self._says(
            f"Go back to the payment page, and pay with {PAID} again if it lets you. "
            "What does the shop say?"
        )

    def returns(self, url: str) -> Seen:
        """Open an address."""
        return self._says(f"Open {url} in the same browser. What does the shop say?")

    def chooses(self, bank: str, choice: str) -> Seen:
        """Choose at the bank."""
        self.timeline.add(f"at the bank: {choice}")
        return self._says(f"Choose {choice} at the test bank ({bank}). What does the shop say?")

    def forgets_cookies(self) -> None:
        """Lose the cookies."""
        self._does("Delete the cookies of the shop. Leave the page of the bank open.")

    def sends(self, step: Step) -> Seen:
        """Not by hand."""
        raise not_by("a tester", f"send {step.method} {step.path}; use a recipe")

    def leaks(self) -> list[str]:
        """Not by hand."""
        raise not_by("a tester", "see what the browser sends; use a recipe")

    def sent(self) -> set[str]:
        """Nothing that could be changed."""
        return set()

    def asks(self) -> Seen | None:
        """What the page of the order says."""
        return self._says("Reload the page of the order. What does it say now?")

    def waits_for(self, *_results: str, seconds: float) -> Seen | None:
        """Ask once: a tester takes longer than that."""
        return self.asks()

    def close(self) -> None:
        """Leave the browser to the tester."""

    def _does(self, text: str) -> None:
        self._ask(text, (DONE,))
        self.timeline.add(text)

    def _says(self, text: str) -> Seen:
        said = self._ask(text, (*SAYS, AT_THE_BANK))
        self.timeline.add(f"the shop says: {said}")
        if said != AT_THE_BANK:
            return Seen(said)
        charges = self.world.control("GET", "objects?kind=charge")["data"]
        waiting = [row for row in charges if row["authorize_uri"]]
        return Seen("pending", bank=waiting[-1]["authorize_uri"] if waiting else None)
