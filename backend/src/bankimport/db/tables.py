"""Imports every models module, so that the metadata is complete for Alembic and for foreign keys."""

from bankimport.accounts import models as accounts
from bankimport.connections import models as connections
from bankimport.db.base import Base
from bankimport.enrichment import models as enrichment
from bankimport.imports import models as imports
from bankimport.notifications import models as notifications
from bankimport.observability import models as observability
from bankimport.schedules import models as schedules
from bankimport.transactions import models as transactions
from bankimport.users import models as users
from bankimport.vault import models as vault

__all__ = [
    "Base",
    "accounts",
    "connections",
    "enrichment",
    "imports",
    "notifications",
    "observability",
    "schedules",
    "transactions",
    "users",
    "vault",
]
