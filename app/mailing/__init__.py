"""Mails: what waits for the editors, and reminders to those who run what the directory lists."""
