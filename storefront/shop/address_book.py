"""The delivery address that a member saved for their next order."""

from sqlalchemy import delete
from sqlalchemy.engine import Connection

from storefront.payments.database import Database

from .addresses import Address
from .models import SavedAddress


class AddressBook:
    """One delivery address for each member who saved one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, user_id: int | None) -> Address | None:
        """The saved address of a member; a guest has none."""
        if user_id is None:
            return None
        with self._database.read_session() as session:
            saved = session.get(SavedAddress, user_id)
        return saved.value if saved else None

    def save(self, user_id: int, address: Address) -> None:
        """Save an address in place of the one before."""
        with self._database.write_session() as session:
            session.merge(SavedAddress(user_id=user_id, **address.model_dump()))

    def delete(self, user_id: int) -> None:
        """Delete the saved address of a member, if there is one."""
        with self._database.transaction() as connection:
            self.forget(connection, user_id)

    @staticmethod
    def forget(connection: Connection, user_id: int) -> None:
        """Delete the saved address in a transaction."""
        connection.execute(delete(SavedAddress).where(SavedAddress.user_id == user_id))
