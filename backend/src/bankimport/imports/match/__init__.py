"""Decide which fetched row is which stored row, and store the outcome.

match       pair fetched rows with stored rows, whole answers against whole days; pure
answer      compare one answer with the stored rows of its days; pure
pairing     pairs of rows, and what is left over; pure
trust       how far ids can be trusted; pure
store       rows, counts, progress and event in one transaction
conflicts   note what only the user can decide
outside     rows of days outside the request
carry_over  copy the user's edits from an undone row to the row that replaces it
"""
