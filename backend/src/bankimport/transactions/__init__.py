"""The record: one row per transaction, its origin, and every change to it.

models      transactions, their changes and transfers
repository  store, search and count rows
copying     copy rows into a table
digest      one digest of a set of rows, here and in PostgreSQL
filters     the conditions of a search
sorting     the orders of a list
edits       a user's edits, of one row or several
bulk_edits  edits of all rows that match a filter
changes     apply and revert stored changes
proof_rows  rows in the form that the proof reads
day_sums    counts and sums of days, kept by the database
service     search
schemas     transactions over HTTP
router      transactions over HTTP
export      export as CSV, NDJSON, OFX or Beancount
transfers   pairs of rows that move money between own accounts
"""
