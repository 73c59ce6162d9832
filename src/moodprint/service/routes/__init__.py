"""The calls over HTTP, one module a kind of thing."""
