"""The quality of enrichment, measured on labelled descriptions; `labelled.tsv` is the included set.

evaluate  let the ladder answer the labelled descriptions
score     score the answers; pure
compare   compare two runs
"""
