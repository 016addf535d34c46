"""Who runs analysis sessions, and where."""
