"""Accounts of shoppers and staff, and their sessions."""
