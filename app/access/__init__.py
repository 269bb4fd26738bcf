"""Access keys, the permissions of their holders, and the audit trail."""
