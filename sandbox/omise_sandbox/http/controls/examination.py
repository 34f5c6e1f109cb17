"""Scenarios of `examine` by hand, for the inspector: one at a time in each world."""

from typing import TYPE_CHECKING

from omise_sandbox.resources.api_call import ApiCall, Json
from omise_sandbox.resources.routes import Route, control
from omise_sandbox.rules import param_types
from omise_sandbox.rules.errors import ApiError
from omise_sandbox.serializers.lists import control_list
from omise_sandbox.storage.world import World

if TYPE_CHECKING:
    from omise_sandbox.examine.by_hand import ByHand
    from omise_sandbox.examine.scenario import Scenario


class ExaminationControls:
    """The scenario that runs in each world."""

    def __init__(self) -> None:
        self._running: dict[str, ByHand] = {}

    def routes(self) -> list[Route]:
        """List, start, answer, stop."""
        return [
            control("GET", "scenarios", index),
            control("GET", "examination", self.read),
            control("POST", "examination", self.start),
            control("POST", "examination/answer", self.answer),
            control("DELETE", "examination", self.stop),
        ]

    def read(self, call: ApiCall) -> Json:
        """The question, the steps so far, and the verdict; empty when none was started."""
        running = self._running.get(call.world.keys.secret)
        return {"object": "examination", **(running.describe() if running else {})}

    def start(self, call: ApiCall) -> Json:
        """Start a `scenario`; it empties the world."""
        scenario = _find(param_types.text(call.params, "scenario"))
        from omise_sandbox.examine.by_hand import ByHand, recipe_by_hand

        self._end(call.world)
        settings = call.world.settings
        keys = (call.world.keys.public, call.world.keys.secret)
        recipe = recipe_by_hand(keys, settings.webhook_url, settings.webhook_secret)
        running = ByHand(recipe, call.base_url, scenario)
        self._running[call.world.keys.secret] = running
        running.start()
        return self.read(call)

    def answer(self, call: ApiCall) -> Json:
        """Answer the question with one of its choices, as `choice`."""
        running = self._running.get(call.world.keys.secret)
        choice = param_types.text(call.params, "choice") or ""
        if running is None or not running.answer(choice):
            raise ApiError("bad_request", f"no question can be answered with {choice!r} now")
        return self.read(call)

    def stop(self, call: ApiCall) -> Json:
        """Stop the scenario."""
        self._end(call.world)
        return self.read(call)

    def _end(self, world: World) -> None:
        if running := self._running.pop(world.keys.secret, None):
            running.stop()


def index(_: ApiCall) -> Json:
    """The scenarios of `omise-sandbox examine`."""
    rows = [
        {"object": "scenario", "name": row.name, "rule": row.rule, "source": row.source}
        | {"fix": row.fix}
        for row in _catalogue()
    ]
    return control_list(rows)


def _find(name: str | None) -> "Scenario":
    found = next((row for row in _catalogue() if row.name == name), None)
    if found is None:
        raise ApiError("bad_request", f"no scenario is called {name}")
    return found


def _catalogue() -> "tuple[Scenario, ...]":
    """The scenarios; they need packages that the sandbox itself does not."""
    try:
        from omise_sandbox.examine.scenarios import CATALOGUE
    except ImportError as error:
        message = 'scenarios need more packages: pip install "omise-sandbox[examine]"'
        raise ApiError("feature_not_supported", message, 501) from error
    return CATALOGUE
