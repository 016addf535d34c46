"""Migrations: how the database came to be what it is, a step a file. The service runs what is missing as it starts."""
