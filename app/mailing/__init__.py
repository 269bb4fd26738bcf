"""Mails: a daily digest for the editors, and reminders to the operators of listed resources."""
