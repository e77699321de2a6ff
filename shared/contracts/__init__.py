"""The published facts, one module for each service that owns them, and the words they use."""
