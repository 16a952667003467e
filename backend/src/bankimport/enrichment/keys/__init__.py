"""The key under which a merchant is remembered.

merchant_key  make the key from a description; pure
rekey         rewrite stored keys after the rules for keys changed
"""
