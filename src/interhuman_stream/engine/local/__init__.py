"""Sessions in confined worker processes on this machine."""
