"""The wire as pure functions and values: no sockets, no files, no clock."""
