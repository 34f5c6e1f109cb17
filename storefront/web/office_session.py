"""Who of the staff is behind a request. A shopper's session opens nothing here."""

import time

from flask import session

from storefront.errors import StaffOnly
from storefront.models import Staff

from . import shop

#: Seconds after which somebody of the staff has to log in again.
SHIFT = 8 * 3600


def log_in_staff(person: Staff) -> None:
    """Start a new session for somebody of the staff, with nothing of a shopper's in it."""
    session.clear()
    session["staff"] = {"id": person.id, "epoch": person.epoch, "since": int(time.time())}


def log_out_staff() -> None:
    """Leave nothing behind."""
    session.clear()


def staff() -> Staff:
    """The person of the staff behind this request.

    Raises:
        StaffOnly: when there is none, or their shift is over.
    """
    match session.get("staff"):
        case {"id": int(staff_id), "epoch": int(epoch), "since": int(since)}:
            is_over = time.time() - since > SHIFT
            person = None if is_over else shop().staff_room.by_session(staff_id, epoch)
            if person is not None:
                return person
    raise StaffOnly
