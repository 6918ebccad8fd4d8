"""Orders, and paying them."""
