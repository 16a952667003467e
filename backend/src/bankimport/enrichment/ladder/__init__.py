"""The ladder: which rung gives a row its merchant and category.

ladder       go through the rungs; pure
hints        hints from the statement, the bank and TrueLayer; pure
money_words  wages, fees, cash and the like in twelve languages, from `money_words.tsv`
"""
