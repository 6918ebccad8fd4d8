"""Reading the user's project from its files."""
