"""The roles of staff. Each may do all that the ones before it may."""

from enum import StrEnum


class Role(StrEnum):
    """What a member of staff may do in /admin."""

    VIEWER = "viewer"
    SUPPORT = "support"
    FINANCE = "finance"

    def includes(self, other: "Role") -> bool:
        """Whether this role may do all that the other may."""
        roles = list(Role)
        return roles.index(self) >= roles.index(other)
