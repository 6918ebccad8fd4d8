"""What was read from the user's code, typed and versioned, before any Markdown.

One module a document kind: `facts.api`, `facts.schema`, `facts.deploy`, `facts.impl`.
Nothing here reads a file: probes and readers make facts, documents and rules use them.
"""
