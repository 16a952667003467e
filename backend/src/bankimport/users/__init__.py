"""Users, sign-in and API tokens.

models   users, sessions and API tokens
service  create users, sign in, issue tokens
errors   errors of sign-in
schemas  users over HTTP
router   sign-in and tokens over HTTP
"""
