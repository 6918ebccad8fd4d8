"""Response to Page: text as a reader sees it, and metadata with its origin."""
