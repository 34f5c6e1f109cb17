"""The mails of a shop that writes them to a folder."""

import re
from email import message_from_bytes, policy


class Mailbox:
    """Has the worker send what is due, and reads it."""

    def __init__(self, services):
        self._services = services

    def to(self, address):
        """The subjects of all mails to an address, in no order."""
        return sorted(mail["Subject"] for mail in self.all() if mail["To"] == address)

    def link(self, address, subject):
        """The path of the link in the newest mail to an address with this subject."""
        mails = [m for m in self.all() if (m["To"], m["Subject"]) == (address, subject)]
        newest = max(mails, key=lambda mail: mail["Date"].datetime)
        text = newest.get_body(("plain",)).get_content()
        return re.search(r"http://shop\.test(/\S*)", text)[1]

    def all(self):
        """All mails, in no order."""
        self._services.engine.worker.run_due()
        files = self._services.settings.mail_folder.glob("*.eml")
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
