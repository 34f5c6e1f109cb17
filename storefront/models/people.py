"""The customers at Omise that belong to shoppers."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storefront.models.base import Table


class OmiseCustomer(Table):
    """The customer at Omise who keeps a shopper's cards; test and live know different ones."""

    __tablename__ = "omise_customers"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    livemode: Mapped[bool] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(unique=True)
