"""Sign-in through another provider (OpenID Connect): linked by the user, or found by address if the operator allows it.

providers   the providers of the settings, and what each says of itself
fetch       one bounded request to a provider
flow        send a browser to a provider, and take what it brings back; bound to that browser
id_token    check what a provider says about who signed in
identities  link, find and unlink users' identities at providers
second_step  the user's own second factor afterwards
sign_in     sign in, or link, with what a provider said
schemas     providers and identities over HTTP
router      the same over HTTP
"""
