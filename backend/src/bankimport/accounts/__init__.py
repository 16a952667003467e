"""Bank accounts and cards, under an identity of ours that outlives TrueLayer's ids.

models      accounts and their reported balances
identity    recognise an account whose TrueLayer id changed; pure
login       whether a consent is of the same login as a connection; pure
migrated    recognise an account that moved to another provider id; pure
listing     ask a bank which accounts and cards there are
service     keep our accounts in step with what banks list
settle      which connection a new consent belongs to
balance     an account's balance, in its own currency and in our sign
repository  read and write accounts
schemas     accounts over HTTP
router      the decision about a renewal that came back as another login
"""
