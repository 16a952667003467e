"""A user's categories.

categories  the tree of names with colours
merging     merge one category into another, and undo it
taxonomy    the categories a user begins with, and TrueLayer's names for them; pure
"""
