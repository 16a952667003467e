"""The ladder: which rung gives a row its merchant and category.

ladder           go through the rungs; pure
merchant_key     the key under which a merchant is remembered; pure
known_merchants  well-known merchants, from `known_merchants.tsv`
rekey            rewrite stored merchant keys after their rules changed
"""
