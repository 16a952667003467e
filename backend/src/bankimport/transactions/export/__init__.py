"""Give a user's rows out as a file.

service.py      open_export(): fix the moment, look over the rows, stream them
bookmark.py     where an export ended, as text that the next one begins from; pure
rows.py         read the rows of a range in one snapshot
as_csv.py as_ndjson.py as_ofx.py as_beancount.py    one format each; pure
"""
