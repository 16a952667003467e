"""What can go wrong with an installation's upkeep."""

from bankimport.errors import BankImportError


class WouldOverwrite(BankImportError):
    """What would be written exists already, and is left alone."""

    code = "would_overwrite"


class BackupUnreadable(BankImportError):
    """The file is not a backup, is damaged, or opens with another passphrase or key."""

    code = "backup_unreadable"


class DatabaseCopyFailed(BankImportError):
    """PostgreSQL refused to give or to take the data; its own words say why."""

    code = "database_copy_failed"


class KeysMissing(BankImportError):
    """Secrets are stored that none of the keys here decrypts."""

    code = "keys_missing"


class StillRunning(BankImportError):
    """Processes of this installation run that must not run now."""

    code = "still_running"
