"""The Model Context Protocol's face: the commands as tools, for coding agents (over stdio).

processes    calls of commands, each in a process of its own
answers      what a call answers with: marked, bounded, explained
citations    tools around sources and citations
documents    tools around documents, research notes and the hand-off
resources    documents, records and rules to read, and prompts
server       all of it together
"""
