"""What it all costs, planned against actual, with the rows behind every figure.

facts.py       read what was called, charged and imported in a span of days
model_facts.py read what models were asked, and what memory saved
grouping.py    the facts put together by import, connection or month; pure
projection.py  what the month will come to; pure
report.py      all of it as the user sees it
rows.py        the rows behind the figures, page by page
"""
