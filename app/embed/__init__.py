"""What people and other websites read: pages, fragments, the web component, oEmbed."""
