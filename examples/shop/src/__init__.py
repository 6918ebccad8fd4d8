"""The shop's backend: one package a domain, wired together in `src.main`."""
