"""Queries and the audit log behind /admin."""
