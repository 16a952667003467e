"""A language model as the last rung: what it is sent, and what it costs.

client         which model may be used
request        one request to it
reply          what came of a request
prompt         build the prompt, check the answer; pure
redact         remove private text from a description; pure
private_names  the names by which banks know the user
cache          what models answered, by merchant key
ledger         reserve, settle and cap what calls cost
month_cap      how the month's cap looks to one of its users
"""
