"""The database: its base classes, its sessions and its migrations."""
