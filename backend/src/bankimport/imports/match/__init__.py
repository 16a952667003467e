"""Decide which fetched row is which stored row, and store the result.

match       pair fetched rows with stored rows, whole answers with whole days; pure
answer      compare one answer with the stored rows of its days; pure
pairing     pairs of rows, and the rest; pure
trust       how far ids can be trusted; pure
store       rows, counts, progress and event in one transaction
columns     a row's values by column, and as a line for COPY; pure
conflicts   record conflicts that only the user can decide
outside     rows of days outside the request
unchanged   answers whose rows are stored already, known by their bytes
carry_over  copy the user's edits from an undone row to the row that replaces it
"""
