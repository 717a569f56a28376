"""The agent as MCP tools and resources (https://modelcontextprotocol.io), for any client that speaks the protocol.

session.py holds one agent on a thread of its own; server.py is the tools; http.py serves them on loopback with a token.
Reading is always allowed, pressing keys only where the server was started with it; every key passes the same guard.
"""
