"""Templates that all apps of a process compile once."""

from jinja2 import BytecodeCache


class CompiledTemplates(BytecodeCache):
    """Keeps the code of templates in memory."""

    def __init__(self):
        self.code = {}

    def load_bytecode(self, bucket):
        """Give the template its code, if its source is the same."""
        bucket.code = self.code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket):
        """Keep the code of a template."""
        self.code[bucket.key, bucket.checksum] = bucket.code
