"""Calls to a bank through a connection.

bank      the bank's API for one connection; every call is recorded in the ledger before it is sent
clients   the clients of TrueLayer's two hosts
credentials  our client id at TrueLayer and its hosts: from the settings, or as stored
tokens    get a valid access token; one refresh at a time
application_token  the application's token for Data API v3
budget    stay within the limits of banks and TrueLayer
presence  the user's address while they are present
addresses  which addresses are public
holder    the names by which a bank knows its user
usable    whether a connection can fetch anything
"""
