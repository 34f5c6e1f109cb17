"""Runs scenarios, each on an empty world."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from omise_sandbox.examine.buyer import Buyer
from omise_sandbox.examine.case import Case
from omise_sandbox.examine.recipe import Recipe, RecipeError, check_loopback
from omise_sandbox.examine.scenario import Scenario
from omise_sandbox.examine.shop_process import ShopProcess
from omise_sandbox.examine.timeline import Entry, Timeline
from omise_sandbox.examine.verdicts import NotTried, Verdict, worst
from omise_sandbox.testing.world import World

MakeBuyer = Callable[[Recipe, World, Timeline], Buyer]


@dataclass(frozen=True)
class Outcome:
    """The verdict of a scenario, and what led to it.

    `seconds` is how long it took; `picture` a PNG in base64 of what the browser showed at the end.
    """

    scenario: Scenario
    verdict: Verdict
    texts: tuple[str, ...]
    timeline: tuple[Entry, ...]
    seconds: float
    picture: str | None = None


class Examination:
    """A shop under examination, with the sandbox that it uses.

    Raises:
        RecipeError: when the sandbox is not on this machine.
    """

    def __init__(self, recipe: Recipe, sandbox: str, make_buyer: MakeBuyer) -> None:
        check_loopback(sandbox)
        self._recipe = recipe
        self._world = World(sandbox.rstrip("/"), recipe.public_key, recipe.secret_key)
        self._make_buyer = make_buyer
        self._price: tuple[int, str] | None = None
        self._shop = ShopProcess(recipe, recipe.process) if recipe.process else None

    @contextmanager
    def started(self) -> Iterator[None]:
        """While the shop runs, if the recipe tells how to start it."""
        try:
            if self._shop:
                self._shop.start()
            yield
        finally:
            if self._shop:
                self._shop.stop()

    def check(self) -> None:
        """Buy once, and note the price. Raises `RecipeError` when that does not work."""
        with self._case() as case:
            seen = case.buys()
            paid = case.paid()
            if seen.said == "pending" and paid:
                seen = case.buyer.waits_for("paid", seconds=self._recipe.finds_out) or seen
            steps = "; ".join(map(str, case.timeline.entries()))
        if seen.said != "paid" or not paid:
            raise RecipeError(
                f"the recipe does not buy: the shop says {seen.said}, {len(paid)} charges ({steps})"
            )
        self._price = paid[0]["amount"], paid[0]["currency"].lower()

    def in_order(self, scenarios: tuple[Scenario, ...], seed: int | None) -> list[Scenario]:
        """The scenarios as given; with a seed in an order of its own."""
        order = list(scenarios)
        if seed is not None:
            random.Random(seed).shuffle(order)  # noqa: S311 - not for secrets
        return order

    def run(self, scenario: Scenario) -> Outcome:
        """The outcome of one scenario, on an empty world."""
        started = time.perf_counter()
        reason = ""
        with self._case() as case:
            try:
                scenario.run(case)
            except NotTried as error:
                reason = str(error)
            case.timeline.read(self._world)
            picture = case.buyer.picture() if case.findings else None
        verdict = worst(case.findings, reason)
        texts = tuple(dict.fromkeys(finding.text for finding in case.findings)) or (reason,)
        seconds = time.perf_counter() - started
        return Outcome(scenario, verdict, texts, case.timeline.entries(), seconds, picture)

    @contextmanager
    def _case(self) -> Iterator[Case]:
        """An empty world, with the webhooks of the shop."""
        self._world.control("POST", "reset")
        if self._recipe.webhook:
            url = self._recipe.url(self._recipe.webhook)
            webhook = {"webhook_url": url, "webhook_secret": self._recipe.webhook_secret}
            self._world.control("POST", "settings", webhook)
        timeline = Timeline()
        buyer = self._make_buyer(self._recipe, self._world, timeline)
        try:
            yield Case(self._world, self._recipe, buyer, timeline, self._shop, self._price)
        finally:
            buyer.close()
