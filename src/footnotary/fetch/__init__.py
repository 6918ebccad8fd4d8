"""The web, in one place: a Fetcher with bounds, a cache and manners."""
