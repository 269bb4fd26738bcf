"""The page that builds the lines to paste."""
