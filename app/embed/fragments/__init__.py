"""Plain HTML for server-side include."""
