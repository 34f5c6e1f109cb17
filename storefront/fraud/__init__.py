"""Velocity limits and card-number detection."""
