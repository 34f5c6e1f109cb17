"""Webhooks as Omise would send them, written from its documentation and not with our own helper."""

import base64
import hashlib
import hmac
import json
import time

SECRET = base64.b64encode(b"a webhook secret of this test").decode()


def an_event(charge_id, key="charge.complete", event_id="evnt_test_1", kind="charge"):
    """The body of a webhook about a charge, or about something else that belongs to one."""
    about = {"object": kind, "id": charge_id, "status": "successful", "paid": True}
    if kind != "charge":
        about |= {"id": f"{kind}_test_1", "charge": charge_id}
    return json.dumps({"object": "event", "id": event_id, "key": key, "data": about}).encode()


def signed(body, secret=SECRET, at=None):
    """The headers that go with a body; `at` is the time of the signature, in seconds."""
    timestamp = str(int(time.time() if at is None else at))
    text = timestamp.encode() + b"." + body
    digest = hmac.new(base64.b64decode(secret), text, hashlib.sha256).hexdigest()
    return {"Omise-Signature": digest, "Omise-Signature-Timestamp": timestamp}
