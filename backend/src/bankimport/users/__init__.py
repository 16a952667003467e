"""Users, sign-in and API tokens.

models        users, sessions, API tokens, failed tries and the audit log
access        roles, scopes and what an operation needs; pure
passwords     which passwords are good enough, and their hashes
throttle      slow down those who guess passwords
sign_in       sign in by password, and change a password
second_factor  codes of an authenticator app, and backup codes
sessions      sessions of browsers
confirm       whether a session's user gave their password lately
first_user    the link with which the first user makes their account
service       create users, sign in by links, tokens for programs
manage        list, invite and disable users
record        write and read the audit log
errors        errors of sign-in
schemas       users over HTTP
router        sign-in, sessions and tokens over HTTP
factor_router  the second factor over HTTP
users_router   users over HTTP, for administrators
passkeys      sign-in by passkeys
oidc          sign-in through another provider
audit         check and read the audit log

common_passwords.txt has the commonest passwords of published leaks.
"""
