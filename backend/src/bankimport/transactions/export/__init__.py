"""Export the record.

service       stream an export
rows          read the rows
bookmark      continue from an earlier export
as_csv        CSV; pure
as_ndjson     JSON lines; pure
as_ofx        OFX; pure
as_beancount  Beancount; pure
"""
