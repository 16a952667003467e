"""The bank's answers.

raw        read a stored answer again, checked against its hash
normalise  convert a bank's row to our form; pure
plain      the same in one pass for rows without anything odd; pure
repeats    blocks that a bank repeats in one answer; pure
rejected   rejected rows: stored as received, counted, shown
retention  delete the bodies of old answers
"""
