"""The page for an iframe, and oEmbed, which hands it out."""
