"""Facts to Markdown: pure, no file is read or written here.

`kinds` says what a document kind is and lists them; `regions` finds and replaces the
parts of a document that the tool owns; one module a kind renders it.
"""
