"""Import bank and card transactions through TrueLayer in bulk, and prove that the record is complete.

app         the HTTP process: routers, and one shape for every error
asgi        HTTP and sockets, as served by the API process
worker      the worker process
cli         the `bankimport` command
page        the built web page, served by the API process
operations  health, readiness and metrics over HTTP
openapi     the API's description: events of its sockets, errors, sign-in
auth        the user behind a cookie or a token
settings    every environment variable, typed, in groups
queue       every background task, and how to enqueue one
broker      the servers of the queue and of live progress
secrets     encrypt stored secrets, make and hash tokens
clock       the time now
days        a day as callers write it, and ranges of days
ids         ids as text in JSON, numbers inside
money       an exact amount and its currency
paging      cursors
errors      the root error, and errors of no single feature
quotas      how much one user may have
web         the built page

Features, low to high; imports point down:

maintenance    backup, restore, change of keys, upgrade
monitoring     metrics and health, read from the database
data_rights    everything of a user in one file, and its erasure
overview       everything at a glance
costs          what everything costs, planned against actual
schedules      repeated imports
audit          check the record against the bank's answers
proof          which days are complete, and how we prove it
imports        an import from plan to stored rows
enrichment     merchant and category of each row
transactions   the record
accounts       accounts and cards, with our own ids
connections    consents to banks, tokens, and every call made with them
notifications  what users are notified of, and how
vault          account numbers and banks' answers, encrypted under a key of each user
users          users, sign-in and API tokens
pricing        what things cost
What all features may use:

truelayer      TrueLayer's HTTP API; knows nothing of our tables
db             sessions, tables, migrations
edge           what is between the network and the routes
realtime       live progress over Socket.IO
observability  logs, traces, counters and heartbeats of processes
processes      embedded servers and child processes
"""

__version__ = "0.1.0"
