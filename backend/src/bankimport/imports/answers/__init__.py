"""The bank's answers.

raw        read a stored answer again, checked against its hash
normalise  a bank's row in our terms; pure
repeats    blocks that a bank repeats in one answer; pure
rejected   rows that are not taken: stored as they came, counted, shown
retention  delete the bodies of old answers
"""
