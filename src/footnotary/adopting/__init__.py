"""Adopt: documents that people or agents wrote elsewhere, their sources read one by one.

claims_found  what a document cites, in the seed's form and its variants
judging       what became of each source
taking_over   the sources that hold become records; every other word stays
"""
