"""The ladder: which rung gives a row its merchant and category.

ladder       go through the rungs; pure
hints        what the statement, the bank and TrueLayer hint at; pure
money_words  wages, fees, cash and the like in twelve languages, from `money_words.tsv`
"""
