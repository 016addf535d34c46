"""The service described for programs: OpenAPI and AsyncAPI."""
