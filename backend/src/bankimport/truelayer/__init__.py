"""TrueLayer's HTTP API; knows nothing of our tables.

client     one method per endpoint
oauth      authorisation link, code exchange, token refresh
transport  one HTTP request, within its time
answers    read an answer's rows
schemas    wire models, named as TrueLayer names them
errors     everything that can go wrong
"""
