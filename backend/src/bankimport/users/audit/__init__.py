"""The audit log: its chain of hashes, and reading it.

chain   check that no entry was changed or removed
router  the audit log over HTTP
"""
