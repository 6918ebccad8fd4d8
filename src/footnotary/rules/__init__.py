"""Rules of the gate: evidence in, findings out. Pure; `registry.RULES` lists all of them."""
