"""Accounts of shoppers and staff, passwords, and login sessions."""
