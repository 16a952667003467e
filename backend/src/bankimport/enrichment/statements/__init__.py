"""Parse what a bank wrote in a description: rail, merchant, person, town, numbers.

statement_formats  parse a description by its bank's and country's format; pure
merchant_key       the key that identifies a merchant; pure
rails              the words of payment rails, from `rails.tsv`
known_merchants    well-known merchants, from `known_merchants.tsv`
trade_words        words that name a trade, from `trade_words.tsv`
gazetteer          towns, from `towns.tsv`
people             names of persons, from `given_names.tsv`
name_spellings     a name in every spelling that banks use
account_numbers    numbers of accounts, cards, plates and bookings
phrases            find phrases in a text, and read the lists
plain_text         reduce a text to plain letters
"""
