"""Users' rights over their data: export all of it, and erase it.

contents    which rows and columns are a user's own data; follows from the tables
export      one zip with all data of a user
erase       end a user's consents and delete all their data
seal_stored  seal what was stored before there were users' keys
schemas     the result of an erasure over HTTP
router      export and erasure over HTTP
tasks       finish erasures that were interrupted, and seal what was stored unsealed
"""
