"""Signed messages about changes, by the Standard Webhooks specification."""
