"""Settings."""

POOL_SIZE = 8
"""Connections that are kept open."""

TIMEOUT_SECONDS = 30
"""How long a request may take."""
