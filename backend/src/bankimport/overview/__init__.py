"""Show the user what is up to date, what needs them, what runs, and what it costs, at a glance.

overview  read all of it, with a fixed number of statements
schemas   as shown over HTTP
router    the route
"""
