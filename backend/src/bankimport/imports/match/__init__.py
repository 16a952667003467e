"""Decide which fetched row is which stored row, and store the outcome.

match       pair fetched rows with stored rows, whole answers against whole days; pure
store       rows, counts, progress and event in one transaction
carry_over  copy the user's edits from an undone row to the row that replaces it
"""
