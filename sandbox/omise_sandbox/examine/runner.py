"""Runs scenarios, each on an empty world."""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

from omise_sandbox.examine.case import Case, Finding, NotTried, Verdict
from omise_sandbox.examine.recipe import Recipe, RecipeError, check_loopback
from omise_sandbox.examine.scenario import Scenario
from omise_sandbox.testing.world import World

SEVERITY = tuple(Verdict)


@dataclass(frozen=True)
class Outcome:
    """The verdict of a scenario, and what led to it. `seconds` is how long it took."""

    scenario: Scenario
    verdict: Verdict
    texts: tuple[str, ...]
    timeline: tuple[str, ...]
    seconds: float


class Examination:
    """A shop under examination, with the sandbox that it uses.

    Raises:
        RecipeError: when the sandbox is not on this machine.
    """

    def __init__(self, recipe: Recipe, sandbox: str) -> None:
        check_loopback(sandbox)
        self._recipe = recipe
        self._world = World(sandbox.rstrip("/"), recipe.public_key, recipe.secret_key)
        self._price: tuple[int, str] | None = None

    def check(self) -> None:
        """Buy once, and note the price. Raises `RecipeError` when that does not work."""
        case = self._case()
        case.buyer.prepares()
        seen = case.buyer.pays(self._world.token())
        paid = case.paid()
        if seen.said == "pending" and paid:
            seen = case.buyer.waits_for("paid") or seen
        if seen.said != "paid" or not paid:
            steps = "; ".join(case.timeline)
            raise RecipeError(
                f"the recipe does not buy: the shop says {seen.said}, {len(paid)} charges ({steps})"
            )
        self._price = paid[0]["amount"], paid[0]["currency"].lower()

    def run(self, scenarios: tuple[Scenario, ...], seed: int | None) -> Iterator[Outcome]:
        """The outcome of each; with a seed in an order of its own."""
        order = list(scenarios)
        if seed is not None:
            random.Random(seed).shuffle(order)  # noqa: S311 - not for secrets
        for scenario in order:
            yield self._run(scenario)

    def _run(self, scenario: Scenario) -> Outcome:
        started = time.perf_counter()
        case = self._case()
        reason = ""
        try:
            scenario.run(case)
        except NotTried as error:
            reason = str(error)
        verdict = _verdict(case.findings, reason)
        texts = tuple(dict.fromkeys(finding.text for finding in case.findings)) or (reason,)
        seconds = time.perf_counter() - started
        return Outcome(scenario, verdict, texts, tuple(case.timeline), seconds)

    def _case(self) -> Case:
        """An empty world, with the webhooks of the shop."""
        self._world.control("POST", "reset")
        if self._recipe.webhook:
            url = self._recipe.shop.rstrip("/") + self._recipe.webhook
            webhook = {"webhook_url": url, "webhook_secret": self._recipe.webhook_secret}
            self._world.control("POST", "settings", webhook)
        return Case(self._world, self._recipe, self._price)


def _verdict(findings: list[Finding], reason: str) -> Verdict:
    """The worst finding; without one, right or not tried."""
    if findings:
        return max((finding.verdict for finding in findings), key=SEVERITY.index)
    return Verdict.NOT_TRIED if reason else Verdict.RIGHT
