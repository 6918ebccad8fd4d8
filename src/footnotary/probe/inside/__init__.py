"""What runs inside the project's own interpreter: the standard library alone, Python 3.9 on.

Nothing here imports footnotary. The package is put on the child's path under the name
`inside`, reads a request from a file and writes its answer to another.
"""
