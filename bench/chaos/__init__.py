"""Chaos: many shoppers pay under faults; then the recorded payments must match the charges.

A third of Omise's answers go wrong, webhooks are lost, doubled and reordered, and the shop's
processes are killed with -9. Run it with `make chaos`, or `python -m bench.chaos --help`.
"""
