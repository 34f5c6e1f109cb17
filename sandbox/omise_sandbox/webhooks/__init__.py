"""Webhooks: signed, delivered, retried, and spoilt by faults."""
