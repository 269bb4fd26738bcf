"""The web component: one ES module, and the feed it reads."""
