"""`make audit`: ask PyPI whether anything that we pin is known to be vulnerable.

pip-audit ends with 0 when the index it asked does not know a package at all, as mirrors without
advisories do. Here only an answer about every single pin counts.
"""

import json
import subprocess
import sys
from typing import Any

PINS = ("requirements.txt", "sandbox/requirements.txt")

OPTIONS = ("--format=json", "--progress-spinner=off", "--disable-pip", "--require-hashes")

CLEAN, VULNERABLE, UNKNOWN = 0, 1, 2


def main() -> int:
    """Audit the files that are named, or all; tell what was found."""
    return max(audit(file) for file in sys.argv[1:] or PINS)


def audit(file: str) -> int:
    """Ask about one file of pins."""
    asked = subprocess.run(
        [sys.executable, "-m", "pip_audit", *OPTIONS, "--requirement", file],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        packages = json.loads(asked.stdout)["dependencies"]
    except ValueError:
        reason = (asked.stderr.strip().splitlines() or ["pip-audit said nothing"])[-1]
        return not_audited(file, reason)
    return verdict(file, packages)


def verdict(file: str, packages: list[dict[str, Any]]) -> int:
    """Tell what the answer says, and whether it is one about every pin."""
    found = [line for package in packages for line in weaknesses(package)]
    skipped = [package["skip_reason"] for package in packages if "skip_reason" in package]
    print(*found, sep="\n", end="\n" if found else "")
    if skipped or not packages:
        left = f"{len(skipped)} of {len(packages)} pins got no answer"
        return not_audited(file, "; ".join([left, *skipped[:1]]))
    print(f"{file}: {len(packages)} pins audited, {len(found)} known vulnerabilities")
    return VULNERABLE if found else CLEAN


def weaknesses(package: dict[str, Any]) -> list[str]:
    """One line for each known vulnerability of a package."""
    return [
        f"{package['name']} {package['version']}: {known['id']}, "
        f"mended in {', '.join(known['fix_versions']) or 'no version yet'}"
        for known in package.get("vulns", [])
    ]


def not_audited(file: str, reason: str) -> int:
    """Say plainly that nobody vouches for this file."""
    print(
        f"{file}: NOT AUDITED. PyPI's advisory service could not be reached, "
        f"or a mirror without one answered.\n  {reason}",
        file=sys.stderr,
    )
    return UNKNOWN


if __name__ == "__main__":
    sys.exit(main())
