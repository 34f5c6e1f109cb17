"""What an examination can say about a shop."""

from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    """How a scenario ended, from good to bad."""

    RIGHT = "right"
    NOT_TRIED = "not tried"
    UNSAFE = "unsafe"
    TOLD = "wrong (told the shopper something false)"
    MONEY = "wrong (money)"


class NotTried(Exception):
    """Why a scenario cannot be tried, or what of it cannot be observed."""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong."""

    verdict: Verdict
    text: str


def worst(findings: list[Finding], reason: str) -> Verdict:
    """The verdict of the worst finding; without one: right, or not tried for a `reason`."""
    if findings:
        return max((finding.verdict for finding in findings), key=tuple(Verdict).index)
    return Verdict.NOT_TRIED if reason else Verdict.RIGHT
