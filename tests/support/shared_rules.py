"""URL rules whose builders all apps of a process share: to compile them is most of starting one."""

from flask import Flask
from werkzeug.routing import Rule

builders = {}


class SharedRule(Rule):
    """A rule that takes the function which builds its URL from an equal rule of another app."""

    def _compile_builder(self, append_unknown=True):
        parts, defaults = tuple(self._trace), repr(sorted((self.defaults or {}).items()))
        key = self.rule, parts, defaults, append_unknown
        if key not in builders:
            builders[key] = super()._compile_builder(append_unknown)
        return builders[key]


def share_rules():
    """Let every app that is made from now on share them."""
    Flask.url_rule_class = SharedRule
