"""The session of staff. A shopper's session gives no access to /admin."""

from datetime import timedelta

from flask import session

from storefront.accounts.models import Staff
from storefront.accounts.sessions import STAFF_SESSION_AGE
from storefront.container import services
from storefront.errors import StaffOnly
from storefront.fraud.payer_identifiers import PayerIdentifiers
from storefront.fraud.velocity_limits import STAFF_LOGIN
from storefront.web.device import login_identifiers
from storefront.web.session import LOGIN, end_session, shopper

#: How long the code may follow after the password.
CODE_WAIT = timedelta(minutes=10)


def log_in_staff(staff: Staff) -> None:
    """Start a new session for staff, with nothing of a shopper's session in it."""
    end_session()
    session[LOGIN] = services().sessions.start()
    session["staff"] = {"id": staff.id, "version": staff.session_version}


def await_code(staff: Staff) -> None:
    """Remember whose password was right; it opens nothing without the code."""
    end_session()
    session["staff_password"] = {
        "id": staff.id,
        "version": staff.session_version,
        "since": int(services().now().timestamp()),
    }


def staff_awaiting_code() -> Staff | None:
    """The member of staff whose password was right a short time ago."""
    match session.get("staff_password"):
        case {"id": int(staff_id), "version": int(version), "since": int(since)}:
            age = services().now().timestamp() - since
            if age < CODE_WAIT.total_seconds():
                return services().staff_accounts.by_id(staff_id, version)
    return None


def staff_identifiers(email: str) -> PayerIdentifiers:
    """What the attempts to log in as this member of staff are counted by."""
    return login_identifiers(STAFF_LOGIN, email, shopper().payer_identifiers(email))


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
