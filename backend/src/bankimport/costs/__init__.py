"""What everything costs, planned against actual, with the rows behind every figure.

facts        what was called, charged and imported
model_facts  what models were asked, and what the cache saved
daily        what was called and charged on each day
charges      everything that costs money, in one list
grouping     facts by import, connection or month; pure
projection   forecast of a month; pure
month        this month so far, its forecast and its cap
spent        what was spent, in parts
report       the cost report as shown to its user
rows         the rows behind the figures, page by page
schemas      costs over HTTP
router       costs over HTTP
"""
