"""The directory for assistants, which otherwise answer from memory."""
