"""What people and other web sites read: pages, fragments, the web component, oEmbed."""
