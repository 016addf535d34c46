"""The contract of the API as checks that run against any server, over nothing but the network."""
