"""Transfers between the user's own accounts: which two rows are one movement, suggested by us and decided by the user.

matching.py   which rows of equal amount may be the two sides of a transfer, and how sure that is; pure
suggest.py    look through the record, a few equal amounts in memory at a time, and bring the suggestions up to date
decide.py     confirm, refuse, take a decision back
"""
