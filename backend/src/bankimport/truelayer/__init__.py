"""TrueLayer's HTTP API; knows nothing of our tables.

client     one method per endpoint
calls      one call of either data API, recorded
oauth      authorisation link, code exchange, token refresh
transport  one HTTP request with a time limit
answers    read an answer's rows
schemas    wire models, named as TrueLayer names them
errors     all errors of TrueLayer and the bank
v3         Data API v3: request, wait, and read pages
"""
