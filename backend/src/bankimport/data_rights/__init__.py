"""What users may demand of their own data: all of it in one file, and its erasure.

contents    which rows and columns are a user's own data; follows from the tables
export      one zip with everything of a user
erase       end a user's consents and delete everything of theirs
schemas     the result of an erasure over HTTP
router      export and erasure over HTTP
tasks       finish erasures that were interrupted
"""
