"""Messages to those who follow the directory: something is new, signed by the Standard Webhooks specification."""
