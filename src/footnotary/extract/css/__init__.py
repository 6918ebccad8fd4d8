"""CSS as far as it decides what of a page is painted: tokens, conditions, selectors, the cascade.

Tokens and rules are tinycss2's; which elements one part of a selector matches is Lexbor's to say.
"""
