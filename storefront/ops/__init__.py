"""Health, metrics, preflight checks, CSP reports, logging."""
