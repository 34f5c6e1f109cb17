"""The pages of the test bank, at the sandbox."""

import re
from urllib.parse import urlsplit

#: A shop may know the sandbox by another name of this machine than the examination.
NAMES = ("127.0.0.1", "localhost", "[::1]")


class Bank:
    """Recognizes the addresses of its pages."""

    def __init__(self, sandbox: str) -> None:
        parts = urlsplit(sandbox)
        port = f":{parts.port}" if parts.port else ""
        self._places = tuple(f"{parts.scheme}://{name}{port}/payments/" for name in NAMES)
        self._pattern = re.compile(rf"(?:{'|'.join(map(re.escape, self._places))})[\w/-]+")

    def has(self, url: str) -> bool:
        """Whether a URL is one of its pages."""
        return url.startswith(self._places)

    def find(self, text: str) -> str | None:
        """The first address of its pages in a response."""
        found = self._pattern.search(text.replace("\\/", "/"))
        return found[0] if found else None
