"""What identifies the payer behind a request, to count failures by."""

import ipaddress
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class PayerIdentifiers:
    """The identifiers of a payer; None for each that is not known."""

    account: str | None = None
    session_key: str | None = None
    #: Prefix of the network address, see `network_prefix`.
    network: str | None = None
    email: str | None = None
    #: The card's fingerprint, the same for every token of one card.
    card: str | None = None
    #: Whether the browser is known, and so exempt from the limits that strangers share.
    is_known: bool = False

    def of_payer(self) -> dict[str, str | None]:
        """The identifiers but for the card, which the payment attempt itself records."""
        return {
            "account": self.account,
            "session_key": self.session_key,
            "network": self.network,
            "email": self.email,
        }


@lru_cache(maxsize=4096)
def network_prefix(address: str | None) -> str | None:
    """The network of an IP address: roughly what a provider assigns to a few customers.

    None for an address that is not public: it belongs to a proxy, a colleague or this machine, and
    does not identify a payer.
    """
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return None
    ip = getattr(ip, "ipv4_mapped", None) or ip  # a dual-stack socket shows IPv4 like this
    if not ip.is_global:
        return None
    length = 24 if ip.version == 4 else 48
    return str(ipaddress.ip_network(f"{ip}/{length}", strict=False))
