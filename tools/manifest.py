"""`make manifest`: updates the hashes of the shop's scripts in the payment page inventory."""

import hashlib
import re
from pathlib import Path

MANIFEST = Path("storefront/ops/payment_page.toml")

#: The folder of the scripts whose paths begin with a prefix.
FOLDERS = {"js/": Path("static/js"), "omise/": Path("storefront/payments/static")}

ROW = re.compile(r'(path = "(?P<path>[^"]+)"\nreason = "[^"]*"\nsha256 = ")[0-9a-f]*')


def script(path: str) -> Path:
    """The file of a script of the inventory."""
    prefix, _, name = path.rpartition("/")
    return FOLDERS[f"{prefix}/"] / name


def updated(text: str) -> str:
    """The inventory with the hashes of the current files."""

    def with_hash(row: re.Match[str]) -> str:
        return row[1] + hashlib.sha256(script(row["path"]).read_bytes()).hexdigest()

    return ROW.sub(with_hash, text)


if __name__ == "__main__":
    MANIFEST.write_text(updated(MANIFEST.read_text("utf-8")), "utf-8")
