"""How good enrichment is, measured on labelled descriptions; `labelled.tsv` is the set that ships.

evaluate  let the ladder answer the labelled descriptions
score     score the answers; pure
compare   compare two runs
"""
