"""The API on one's own machine."""
