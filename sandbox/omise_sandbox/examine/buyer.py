"""A buyer: one shopper at the shop, over HTTP, in a browser, or by the hands of a tester."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field

from omise_sandbox.examine.bank import Bank
from omise_sandbox.examine.cards import PAID
from omise_sandbox.examine.recipe import PLACEHOLDER, Recipe, Step, Values
from omise_sandbox.examine.timeline import Timeline
from omise_sandbox.examine.verdicts import NotTried
from omise_sandbox.testing.world import World

#: Seconds between two questions about the status of an order.
PAUSE = 0.02


@dataclass(frozen=True)
class Seen:
    """What the shop answered. `said`: a result of the recipe, error or unknown."""

    said: str
    status: int = 0
    url: str = ""
    text: str = ""
    bank: str | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Twist:
    """What happens during a payment, or is changed in it.

    `with_token` is called once the token is there, before the shop gets it; `meanwhile` once the
    request is under way. `changed` are values that the browser sends instead of the right ones.
    """

    with_token: Callable[[str], object] | None = None
    meanwhile: Callable[[], None] | None = None
    changed: dict[str, str] = field(default_factory=dict)


ORDINARY = Twist()


class Buyer(ABC):
    """One shopper with cookies of its own, who buys once."""

    def __init__(self, recipe: Recipe, world: World, timeline: Timeline) -> None:
        self.recipe = recipe
        self.world = world
        self.timeline = timeline
        self.bank = Bank(world.url)
        self.values: Values = dict(recipe.values)
        self.pages: list[Seen] = []

    @abstractmethod
    def prepares(self) -> None:
        """Do everything before the card: fill the cart, open the payment page."""

    @abstractmethod
    def pays(self, number: str = PAID, twist: Twist = ORDINARY) -> Seen:
        """Enter a card and pay; the status of the order when the response does not tell."""

    @abstractmethod
    def clicks_twice(self) -> list[Seen]:
        """Pay with two clicks at once."""

    @abstractmethod
    def pays_in_two_tabs(self) -> list[Seen]:
        """Enter the card in two tabs, and pay in both at once."""

    @abstractmethod
    def reloads(self) -> Seen:
        """Send the payment again, as a reload does."""

    @abstractmethod
    def goes_back_and_pays(self) -> Seen:
        """Go back to the payment page, and pay with the card again."""

    @abstractmethod
    def returns(self, url: str) -> Seen:
        """Open the address to which the bank sends the browser."""

    @abstractmethod
    def forgets_cookies(self) -> None:
        """Lose all cookies, as another browser would come."""

    @abstractmethod
    def sends(self, step: Step) -> Seen:
        """Send one request with the cookies of the shopper."""

    @abstractmethod
    def leaks(self) -> list[str]:
        """The requests that took card data to the shop. Raises `NotTried`."""

    @abstractmethod
    def sent(self) -> set[str]:
        """The values that the browser sends to the shop, and could change."""

    def chooses(self, bank: str, choice: str) -> Seen:
        """Approve, decline or cancel at the page of the bank."""
        self.timeline.add(f"at the bank: {choice}")
        return self.returns(self.world.at_the_bank(bank, choice))

    def asks(self) -> Seen | None:
        """The status of the order; None when the recipe does not tell how, or for which order."""
        step = self.recipe.status
        if step is None or set(PLACEHOLDER.findall(step.path)) - set(self.values):
            return None
        return self.sends(step)

    def waits_for(self, *results: str, seconds: float) -> Seen | None:
        """The status once it is one of these, or after this time."""
        deadline = time.monotonic() + seconds
        while (seen := self.asks()) and seen.said not in results and time.monotonic() < deadline:
            self.rests(PAUSE)
        return seen

    def rests(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def picture(self) -> str | None:
        """What the browser shows, as a PNG in base64."""
        return None

    @abstractmethod
    def close(self) -> None:
        """Leave the shop."""

    def or_status(self, seen: Seen) -> Seen:
        """The status of the order when the response does not tell."""
        if seen.said != "unknown" or seen.bank:
            return seen
        return self.asks() or seen


def not_by(how: str, what: str) -> NotTried:
    """What one kind of buyer cannot do."""
    return NotTried(f"{how} cannot {what}")
