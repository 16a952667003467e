"""What users sign in with.

authenticator  passkeys, in software
oidc_provider  an OpenID Connect provider that misbehaves as configured
"""
