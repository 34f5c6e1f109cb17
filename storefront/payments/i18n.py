"""Messages for people: written in English in the code, translated as late as possible.

`gettext_noop` marks a sentence for the catalogues and keeps its parameters, so that it can be
translated when the language of the reader is known. Until then it is plain English text.
"""

from typing import Self


class Message(str):
    """An English sentence that remembers its template and parameters."""

    __slots__ = ("params", "template")

    template: str
    params: dict[str, object]

    @classmethod
    def build(cls, template: str, params: dict[str, object]) -> Self:
        """The message with its parameters filled in."""
        message = cls(template % params if params else template)
        message.template, message.params = template, params
        return message


def gettext_noop(template: str, **params: object) -> Message:
    """A message to be translated later; `%(name)s` stands for a parameter."""
    return Message.build(template, params)
