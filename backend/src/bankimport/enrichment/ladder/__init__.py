"""The ladder: which rung gives a row its merchant and category.

ladder           go through the rungs; pure
known_merchants  well-known merchants, from `known_merchants.tsv`
"""
