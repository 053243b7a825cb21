"""The APIs that customers know: each a translation between its own wire and the engine, and nothing more."""
