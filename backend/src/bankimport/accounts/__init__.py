"""Bank accounts and cards, under our own ids, which stay the same when TrueLayer's ids change.

models      accounts and their reported balances
numbers     the numbers of an account, which are encrypted; pure
identity    recognise an account whose TrueLayer id changed; pure
login       whether a consent and a connection belong to the same login; pure
migrated    recognise an account that moved to another provider id; pure
listing     ask a bank which accounts and cards exist
service     keep our accounts in step with what banks list
settle      which connection a new consent belongs to
balance     an account's balance, in its own currency and in our sign
repository  read and write accounts
schemas     accounts over HTTP
"""
