"""Pairs of rows that move money between a user's own accounts.

matching  which rows may be a pair; pure
suggest   look for pairs among new rows
decide    confirm and refuse
views     pairs as they are shown
schemas   transfers over HTTP
router    transfers over HTTP
"""
