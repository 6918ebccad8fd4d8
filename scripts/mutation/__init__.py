"""Mutation runs: what `scripts/mutants.py` is made of.

making      the mutants of a file: mutmut's operators and a few of our own
viability   mutants that no test should notice: annotations, messages, `__all__`
selecting   which tests a mutant is judged by
running     copies of the tree, and a process in each that judges one mutant after the other
serving     what runs in such a process
"""
