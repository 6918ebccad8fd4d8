"""Evidence to findings: pure rules, each with a code."""
