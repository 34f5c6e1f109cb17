"""The session of staff. A shopper's session gives no access to /admin."""

from flask import session

from storefront.accounts.models import Staff
from storefront.accounts.sessions import STAFF_SESSION_AGE
from storefront.container import services
from storefront.errors import StaffOnly
from storefront.web.session import LOGIN, end_session


def log_in_staff(staff: Staff) -> None:
    """Start a new session for staff, with nothing of a shopper's session in it."""
    end_session()
    session[LOGIN] = services().sessions.start()
    session["staff"] = {"id": staff.id, "version": staff.session_version}


def log_out_staff() -> None:
    """End the session of staff."""
    end_session()


def current_staff() -> Staff:
    """The member of staff who sent this request.

    Raises:
        StaffOnly: if there is none, they logged out, or their session has expired.
    """
    staff = staff_or_none()
    if staff is None:
        raise StaffOnly
    return staff


def staff_or_none() -> Staff | None:
    """The member of staff who sent this request, if one did."""
    key = services().sessions.validate(session.get(LOGIN), max_age=STAFF_SESSION_AGE)
    match session.get("staff"):
        case {"id": int(staff_id), "version": int(version)} if key:
            return services().staff_accounts.by_session(staff_id, version, key)
    return None
