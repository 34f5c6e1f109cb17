"""One scenario that a tester goes through by hand, in a thread that waits for the answers."""

from collections.abc import Sequence
from functools import partial
from threading import Condition, Thread
from typing import Any
from urllib.parse import urlsplit

from omise_sandbox.examine.hand_buyer import HandBuyer
from omise_sandbox.examine.recipe import Recipe, Step
from omise_sandbox.examine.runner import Examination, Outcome
from omise_sandbox.examine.scenario import Scenario
from omise_sandbox.examine.timeline import Timeline
from omise_sandbox.testing.world import World

#: Seconds between two looks at what the sandbox has logged.
LOOK = 0.5


class Stopped(Exception):
    """The tester has stopped the scenario."""


class ByHand:
    """A scenario under way: its question, its steps so far, and its outcome."""

    def __init__(self, recipe: Recipe, sandbox: str, scenario: Scenario) -> None:
        self.scenario = scenario
        self._changed = Condition()
        self._question: tuple[str, tuple[str, ...]] | None = None
        self._choice: str | None = None
        self._is_stopped = False
        self._problem: str | None = None
        self._outcome: Outcome | None = None
        self._timeline = Timeline()
        examination = Examination(recipe, sandbox, self._buyer)
        self._thread = Thread(target=partial(self._run, examination), daemon=True)

    def start(self) -> None:
        """Begin: the world is emptied, and the first question comes."""
        self._thread.start()

    def stop(self) -> None:
        """End it without an outcome."""
        with self._changed:
            self._is_stopped = True
            self._changed.notify_all()

    def answer(self, choice: str) -> bool:
        """Take a choice of the question; False when there is none like it."""
        with self._changed:
            if self._question is None or choice not in self._question[1]:
                return False
            self._question, self._choice = None, choice
            self._changed.notify_all()
            return True

    def describe(self) -> dict[str, Any]:
        """What the inspector shows."""
        question, outcome = self._question, self._outcome
        return {
            "scenario": self.scenario.name,
            "question": question[0] if question else None,
            "choices": list(question[1]) if question else [],
            "problem": self._problem,
            "verdict": outcome.verdict.value if outcome else None,
            "texts": [text for text in outcome.texts if text] if outcome else [],
            "timeline": [
                {"at": step.at, "lane": step.lane, "text": step.text}
                for step in self._timeline.entries()
            ],
        }

    def _buyer(self, recipe: Recipe, world: World, timeline: Timeline) -> HandBuyer:
        self._timeline = timeline
        return HandBuyer(recipe, world, timeline, partial(self._ask, world))

    def _ask(self, world: World, text: str, choices: Sequence[str]) -> str:
        """Wait for a choice, and read meanwhile what happens. Raises `Stopped`."""
        with self._changed:
            self._question = (text, tuple(choices))
        while True:
            self._timeline.read(world)
            with self._changed:
                if self._choice is None and not self._is_stopped:
                    self._changed.wait(LOOK)
                if self._is_stopped:
                    raise Stopped
                if self._choice is not None:
                    choice, self._choice = self._choice, None
                    return choice

    def _run(self, examination: Examination) -> None:
        try:
            self._outcome = examination.run(self.scenario)
        except Stopped:
            self._problem = "stopped"
        except Exception as error:  # shown to the tester, as no one else can see it
            self._problem = str(error)
            raise


def recipe_by_hand(
    keys: tuple[str, str], webhook_url: str | None, webhook_secret: str | None
) -> Recipe:
    """A recipe for a tester: where the webhooks of the world go, and its keys."""
    parts = urlsplit(webhook_url or "http://127.0.0.1")
    return Recipe(
        name="By hand",
        shop=f"{parts.scheme}://{parts.netloc}",
        buy=(Step("GET", "/"),),
        rules=(),
        webhook=parts._replace(scheme="", netloc="").geturl() if webhook_url else None,
        webhook_secret=webhook_secret,
        public_key=keys[0],
        secret_key=keys[1],
    )
