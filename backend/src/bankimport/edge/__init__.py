"""Middleware and dependencies between the network and the routes.

guard       bounds, hosts and headers of every request and answer
headers     security headers of every answer
hosts       by which names this installation may be reached
waiting     how many requests may wait for banks and receivers at once, in all and of one user
depends     the same as a FastAPI dependency
plain_page  a page without scripts, for use before sign-in
"""
