"""Sign-in by passkeys (W3C Web Authentication): a phone, a computer or a security key signs a challenge.

relying_party  at which address passkeys work, and for whom they are made; pure
challenges     what a passkey has to sign: made, and used once
register       add a passkey, and list, rename and remove them
assertion      check what a passkey signed
sign_in        sign in by a passkey, or prove again who one is
schemas        passkeys over HTTP
router         adding and managing passkeys over HTTP
sign_in_router  sign-in by passkey over HTTP

py_webauthn reads and checks what browsers send. It is imported where it is used: loading it takes a fifth of a second.
"""
