"""The payment engine: payments with Omise, charged once, with attempts, webhooks, reconciliation.

Copy this folder into a Flask app; see README.md in it. Start reading at `service.py`.
"""
