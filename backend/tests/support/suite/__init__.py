"""How tests run: their day, their network, their order, their sizes.

clock                the fixed day, and the lever that moves it for every process
dated                select the tests that depend on dates
choosing             which tests a lane runs, and in which order
lanes                sizes of `make test` and of `make test-deep`
properties           how many examples a Hypothesis property runs
loopback             no connections to other machines, and requests to servers here
connections_in_hand  no thread waits outside with a database connection in hand
waiting              wait for an event
reporting            the report at the end of a run
"""
