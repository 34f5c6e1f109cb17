"""URL rules that all apps of a process compile once: to compile them is most of starting one."""

from flask import Flask
from werkzeug.routing import Rule

#: What compiling a rule sets.
COMPILED = ("_parts", "_trace", "_converters", "_build", "_build_unknown", "arguments")

rules = {}


class SharedRule(Rule):
    """A rule that takes what compiling sets from an equal rule of another app."""

    def compile(self):
        """Compile the rule unless an equal one has been."""
        key = self.rule, self.subdomain, repr(sorted((self.defaults or {}).items()))
        if key not in rules:
            super().compile()
            rules[key] = {name: vars(self)[name] for name in COMPILED}
        vars(self).update(rules[key])


def share_rules():
    """Let every app that is made from now on share them."""
    Flask.url_rule_class = SharedRule
