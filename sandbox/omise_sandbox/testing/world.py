"""A world of a running sandbox, as a test speaks to it over HTTP."""

import time
from dataclasses import dataclass
from typing import Any

import requests

Json = dict[str, Any]
#: Seconds; to fill a world with thousands of charges takes some on a busy machine.
TIMEOUT = 60
#: Seconds between two questions, which leave the processor to what is waited for.
PAUSE = 0.01
CARD = {
    "name": "SOMCHAI PRASERT",
    "number": "4242424242424242",
    "expiration_month": 12,
    "expiration_year": 2040,
    "security_code": "123",
}


@dataclass
class World:
    """A world of the sandbox: its keys, and what a test can do there.

    Methods return the JSON of the response.
    """

    url: str
    public_key: str
    secret_key: str

    @classmethod
    def new(cls, url: str, **settings: object) -> "World":
        """A new world with these settings."""
        answer = requests.post(f"{url}/_sandbox/worlds", json=settings, timeout=TIMEOUT)
        answer.raise_for_status()
        keys = answer.json()
        return cls(url, keys["public_key"], keys["secret_key"])

    def control(self, method: str, path: str, body: object = None) -> Json:
        """Call a control under `/_sandbox/`.

        Raises:
            requests.HTTPError: when the sandbox rejects the call; the message says why.
        """
        answer = requests.request(
            method,
            f"{self.url}/_sandbox/{path}",
            json=body,
            auth=(self.secret_key, ""),
            timeout=TIMEOUT,
        )
        if not answer.ok:
            raise requests.HTTPError(answer.text, response=answer)
        told: Json = answer.json()
        return told

    def api(self, method: str, path: str, body: object = None, **params: object) -> Json:
        """Call the API with the secret key; returns the response, also an error."""
        answer = requests.request(
            method,
            f"{self.url}{path}",
            json=body,
            params=params,  # type: ignore[arg-type]
            auth=(self.secret_key, ""),
            timeout=TIMEOUT,
        )
        told: Json = answer.json()
        return told

    def token(self, number: str = "4242424242424242", **card: object) -> str:
        """The id of a new token, as a browser gets it."""
        answer = requests.post(
            f"{self.url}/tokens",
            json={"card": CARD | {"number": number} | card},
            auth=(self.public_key, ""),
            timeout=TIMEOUT,
        )
        answer.raise_for_status()
        token: str = answer.json()["id"]
        return token

    def charges(self) -> list[Json]:
        """The first hundred charges, oldest first."""
        return list(self.api("GET", "/charges", limit=100)["data"])

    def customers(self) -> list[Json]:
        """The first hundred customers, oldest first."""
        return list(self.api("GET", "/customers", limit=100)["data"])

    def fails(self, method: str, path: str, do: str, **more: object) -> None:
        """Make the next matching call fail in this way."""
        self.control("POST", "faults", {"method": method, "path": path, "do": do, **more})

    def webhook_fails(self, event: str, do: str, **more: object) -> None:
        """Make the next webhook of this event fail in this way."""
        self.control("POST", "faults", {"webhook": event, "do": do, **more})

    def idle_faults(self) -> list[Json]:
        """The faults that have not fired."""
        faults = self.control("GET", "faults")["data"]
        return [fault for fault in faults if not fault["fired"]]

    def waits_for_the_fault(self, seconds: float = 10) -> None:
        """Wait until every fault has fired.

        Raises:
            TimeoutError: when one has not within this time.
        """
        deadline = time.monotonic() + seconds
        while idle := self.idle_faults():
            if time.monotonic() > deadline:
                raise TimeoutError(f"faults that never fired: {idle}")
            time.sleep(PAUSE)

    def held(self, count: int = 1, seconds: float = 10) -> list[Json]:
        """What is held, in the order in which it was ready, once there is this much.

        Raises:
            TimeoutError: when there is not within this time.
        """
        deadline = time.monotonic() + seconds
        while len(holds := self.control("GET", "holds")["data"]) < count:
            if time.monotonic() > deadline:
                raise TimeoutError(f"expected {count} held, got {holds}")
            time.sleep(PAUSE)
        return list(holds)

    def release(self, hold: Json) -> None:
        """Release a held response or webhook."""
        self.control("POST", f"holds/{hold['id']}/release")

    def advance(self, seconds: float) -> None:
        """Advance the clock, running everything that falls due."""
        self.control("POST", "clock", {"advance": seconds})

    def at_the_bank(self, authorize_uri: str, choice: str) -> str:
        """Choose at the bank page: approve, decline or cancel; returns the redirect URL."""
        answer = requests.post(
            authorize_uri, data={"outcome": choice}, allow_redirects=False, timeout=TIMEOUT
        )
        return answer.headers["Location"]
