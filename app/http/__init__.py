"""What all routes share: contracts, problems, languages, caching, delivery and documentation."""
