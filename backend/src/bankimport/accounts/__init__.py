"""Bank accounts and cards, under an identity of ours that outlives TrueLayer's ids.

models      accounts and their reported balances
identity    recognise an account whose TrueLayer id changed; pure
repository  read and write accounts
schemas     accounts over HTTP
service     list accounts at the bank, and keep ours in step
"""
