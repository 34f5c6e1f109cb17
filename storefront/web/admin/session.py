"""Who of the staff is behind a request. A shopper's session opens nothing here."""

from datetime import timedelta

from flask import session

from storefront.container import services
from storefront.errors import StaffOnly
from storefront.models import Staff
from storefront.web.session import LOG_IN, start_over

#: After which time somebody of the staff has to log in again.
SHIFT = timedelta(hours=8)


def log_in_staff(person: Staff) -> None:
    """Start a new session for somebody of the staff, with nothing of a shopper's in it."""
    start_over()
    session[LOG_IN] = services().log_ins.begin()
    session["staff"] = {"id": person.id, "epoch": person.epoch}


def log_out_staff() -> None:
    """Leave nothing behind."""
    start_over()


def staff() -> Staff:
    """The person of the staff behind this request.

    Raises:
        StaffOnly: when there is none, they logged out, or their shift is over.
    """
    person = staff_if_any()
    if person is None:
        raise StaffOnly
    return person


def staff_if_any() -> Staff | None:
    """The person of the staff behind this request; None when it is somebody else's."""
    key = services().log_ins.key_of(session.get(LOG_IN), longest=SHIFT)
    match session.get("staff"):
        case {"id": int(staff_id), "epoch": int(epoch)} if key:
            return services().staff_room.by_session(staff_id, epoch, key)
    return None
