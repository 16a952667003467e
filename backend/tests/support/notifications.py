"""Create notifications for a user."""

from bankimport.db.session import session_scope
from bankimport.notifications.models import Kind
from bankimport.notifications.notify import notify


def tell(key: str, kind: Kind = Kind.IMPORT_FAILED, user_id: int = 1) -> bool:
    with session_scope() as session:
        return notify(session, user_id, kind, key, title=f"title {key}", body="body", data={"key": key})
