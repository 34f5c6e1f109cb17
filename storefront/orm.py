"""The declarative base of the shop's own tables; those of the engine are in payments/tables.py."""

from typing import cast

from sqlalchemy import Table
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    """What all tables of the shop share."""

    @classmethod
    def core(cls) -> Table:
        """The table itself, for statements that load no objects."""
        return cast(Table, cls.__table__)
