"""A user's consents to banks, their tokens, and every call made with them.

models          connections, consent redirects under way, and the ledger of calls
authorise       begin and finish a consent; renew, extend and remove it
bank            the bank's API for one connection; every call is in the ledger before it is sent
tokens          a valid access token; one refresh at a time
budget          stay within what banks and TrueLayer allow
presence        the user's address while they are present
holder          the names by which a bank knows its user
consent_clock   how long a consent lasts, and warnings before its end
feed            a calendar of consents
overview        consents as their user sees them
repository      read and write connections and the ledger
errors          what can go wrong with a connection
schemas         connections over HTTP
router          connections over HTTP: list, begin, extend, remove
consent_router  the consent clock over HTTP
tasks           the background task
"""
