"""The shop with two pages that fail: by a mistake, and because its database cannot be used."""

from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError

from app import app


@app.get("/fails/500")
def fail() -> ResponseReturnValue:
    """Raise an error that has no page of its own."""
    raise RuntimeError


@app.get("/fails/503")
def fail_at_the_database() -> ResponseReturnValue:
    """Raise what a full disk does."""
    raise OperationalError(None, None, OSError("the disk is full"))


__all__ = ["app"]
