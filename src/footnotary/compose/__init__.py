"""Compose files as `docker compose` reads them, with the file and line of every value.

`nodes` parses one file, `merging` joins nodes, `loading` follows `extends`, `include` and
several files, `interpolation` replaces variables when a value is asked for, and `checks`
says what `docker compose` would refuse. Nothing here decides what a document may show.
"""
