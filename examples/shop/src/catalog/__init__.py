"""The catalogue: products and their categories."""
