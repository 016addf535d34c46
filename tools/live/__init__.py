"""Measures of live sessions: how soon a gesture is told, and how far what is told live is what the whole shows."""
