"""Where segments come from."""
