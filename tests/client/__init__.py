"""The client against real servers on loopback, with real media."""
