"""The only folder that knows the inside of uvicorn; docs/server.md says how it works and what it relies on."""
