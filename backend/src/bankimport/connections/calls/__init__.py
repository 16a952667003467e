"""Calls to a bank through a connection.

bank      the bank's API for one connection; every call is in the ledger before it is sent
clients   the clients of TrueLayer's two hosts
tokens    a valid access token; one refresh at a time
budget    stay within what banks and TrueLayer allow
presence  the user's address while they are present
holder    the names by which a bank knows its user
usable    whether anything can be fetched through a connection
"""
