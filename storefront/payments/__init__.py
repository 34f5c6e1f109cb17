"""The payment engine: payments, attempts, webhooks, reconciliation."""
