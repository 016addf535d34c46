"""The official SDK, unmodified, against the real service."""
