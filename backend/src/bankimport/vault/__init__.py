"""Encryption under a key of each user: nobody without the key reads it, and a deleted key erases what it sealed.

models  the users' keys, encrypted under the installation's
seal    encrypt and decrypt with a user's key; pure
keys    a user's key from the database
"""
