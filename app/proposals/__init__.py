"""Changes that those who know ask for, and what is decided about them."""
