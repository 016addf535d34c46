"""Talks to any server that speaks the API and relays its messages exactly as received."""
