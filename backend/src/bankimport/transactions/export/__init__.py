"""Export the record.

service       stream an export
lines         read lines that PostgreSQL writes
rows          read the rows for formats that Python writes
bookmark      continue from an earlier export
as_csv        CSV, written by PostgreSQL
as_ndjson     JSON lines, written by PostgreSQL
as_ofx        OFX; pure
as_beancount  Beancount; pure
"""
