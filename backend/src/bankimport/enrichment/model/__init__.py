"""A language model as the last rung: what it is sent, and what it costs.

client         which model may be used
request        one request to it
reply          the result of a request
prompt         build the prompt, check the answer; pure
redact         remove private text from a description; pure
private_names  the names by which banks know the user
cache          models' answers by merchant key
ledger         reserve, settle and cap the cost of calls
month_cap      the monthly cap as seen by one of its users
"""
