"""Who is asking: what a shopper may see and pay follows from this and nothing else."""

from dataclasses import dataclass, field

from storefront.accounts.emails import comparable_email
from storefront.fraud.payer_identifiers import PayerIdentifiers, network_prefix


@dataclass(frozen=True, slots=True)
class Shopper:
    """The person behind a request: an account, or a guest known by the orders of their session."""

    user_id: int | None = None
    email: str | None = None
    #: The email of the account, if its owner proved to receive mail there.
    verified_email: str | None = None
    #: The numbers of the orders that this session placed or may see.
    orders: tuple[str, ...] = field(default=())
    ip: str | None = None
    #: A random name for the session.
    session_key: str | None = None
    #: Whether they paid before in this browser, and so are no stranger.
    is_known: bool = False
    #: The language that they read.
    locale: str = "en"

    @property
    def owner(self) -> str | None:
        """The owner of their saved cards, as the engine knows it."""
        return None if self.user_id is None else str(self.user_id)

    @property
    def is_member(self) -> bool:
        """Whether the shopper is signed in."""
        return self.user_id is not None

    def payer_identifiers(self, email: str | None = None) -> PayerIdentifiers:
        """What the velocity limits count their failures by."""
        address = email or self.email
        return PayerIdentifiers(
            account=str(self.user_id) if self.user_id else None,
            session_key=self.session_key,
            network=network_prefix(self.ip),
            email=address and comparable_email(address),
            is_known=self.is_known,
        )

    def may_see(self, number: str, user_id: int | None, email: str | None = None) -> bool:
        """Whether an order is theirs.

        Args:
            number: of the order.
            user_id: the account that placed it; None for a guest.
            email: of the order; a guest's order belongs to the member who verified it.
        """
        if user_id is not None:
            is_owner = user_id == self.user_id
        else:
            is_owner = email is not None and email == self.verified_email
        return is_owner or number in self.orders
