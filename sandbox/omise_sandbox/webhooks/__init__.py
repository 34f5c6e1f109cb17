"""Webhooks: signatures, deliveries, retries, and the faults that apply to them."""
