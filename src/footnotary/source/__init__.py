"""The user's Python source: parsed once, names resolved once; nothing is imported."""
