"""What people really send and where they run, kind by kind: inputs beyond those of the tests, for any version."""
