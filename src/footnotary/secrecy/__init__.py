"""What must not be written down: decided here, for every string that leaves as a fact.

    names        what a name says of its value: a secret, perhaps one, or nothing
    credentials  texts that are credentials by their form; users and passwords in URLs
    assignments  `password=…`, `"token": "…"`, `Authorization: …` within a text
    texts        all of these over one text, and over the cells of its tables
    values       the literal value of something that has a name, in SQL too
    prose        an allow-list for words of foreign origin: nothing but prose passes

Names, types and limits are shown. A value is shown unless its name or its form speaks against
it. `facts.stored` applies this to facts of every kind, `probe.openapi_models` to OpenAPI documents.
"""
