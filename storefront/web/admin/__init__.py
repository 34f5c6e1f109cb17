"""The back office under /admin, for staff only."""
