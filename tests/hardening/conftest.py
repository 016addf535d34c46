"""The databases of the service's own tests."""

from tests.service.conftest import postgresql, postgresql_database

__all__ = ["postgresql", "postgresql_database"]
