"""Changes to a record that is already stored.

undo                 undo an import exactly, and redo it
dry_run              compare what a dry run fetched with the record, then commit those answers
review               conflicts that only the user can decide
replacements         find rows that replaced one which the user had removed
review_views         the review list as it is shown
continuation         continue an account under a bank's new provider id
continuation_undo    undo such a continuation
continuation_views   continuations as they are shown
continuation_router  continuations over HTTP
router               the review list over HTTP
schemas              undo, dry runs, provenance and reviews over HTTP
"""
