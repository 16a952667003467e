"""A user's consents to banks, their tokens, and every call made with them.

models          connections, consent redirects in progress, the ledger of calls, our client id
repository      read and write connections and the ledger
errors          errors of connections
schemas         connections over HTTP
router          connections over HTTP: list, begin, extend, remove
consents        store a consent, and move it to the connection that it renews
consent_dates   when a consent began and ends; pure
overview        consents as shown to their user
bank_facts      known facts about a bank: depth of history, extra fields; pure
time_zone       the time zone of a bank's calendar days; pure
setup           our client id at TrueLayer: show, check and store it
setup_router    our client id at TrueLayer over HTTP, for administrators
consent_router  the consent clock over HTTP
tasks           the background task
consent         a consent's life: given, renewed, extended, ended
calls           calls to the bank: clients, tokens, budget, the user's presence
"""
