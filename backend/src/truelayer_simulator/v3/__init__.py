"""TrueLayer's Data API v3, five operations; served once it is switched on.

settings     a typed field for everything that TrueLayer does not establish
state        connections, requests and cursors
problems     error answers (problem+json)
checks       request bodies against the specification
tokens       the application's token
connections  creating a connection, the hosted page, user-info and accounts
requests     transactions: ask, wait, read a page
rows         one account's rows in v3's form
webhooks     signed notices of what has happened, and their faults
serve        routes, headers and the ledger
"""
