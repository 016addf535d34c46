"""Live talking-face video in, social signals out: client, engine and service for the Interhuman streaming API."""

__version__ = "0.1.0"
