"""Keys, what their holders may do, and the audit trail of what they did."""
