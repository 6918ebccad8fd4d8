"""The Model Context Protocol's face: the commands as tools, for coding agents (over stdio).

processes    calls of commands, each in a process of its own
answers      what a call answers with: marked, bounded, explained
citation_tools  tools around sources and citations
document_tools  tools around documents, research notes and the hand-off
resources    the server: documents, records and rules to read, prompts, and all the tools
"""
