"""Sentences for people: written in English in the code, said in the language of whoever reads them.

`say` marks a sentence for the catalogues of `storefront/locales` and remembers what was put in, so
that it can be put in again in another language. Until then it is plain English text.
"""

from typing import Self


class Sentence(str):
    """A sentence in English that remembers how it was made."""

    __slots__ = ("params", "template")

    template: str
    params: dict[str, object]

    @classmethod
    def made_of(cls, template: str, params: dict[str, object]) -> Self:
        """The sentence, with the parameters put in."""
        sentence = cls(template % params if params else template)
        sentence.template, sentence.params = template, params
        return sentence


def say(template: str, **params: object) -> Sentence:
    """A sentence to be translated; `%(name)s` stands for a parameter."""
    return Sentence.made_of(template, params)
