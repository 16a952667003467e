"""Say what an import would fetch, before anything is fetched.

plan          choose days and accounts, and save the plan as a job
import_plan   the plan that is saved with a job: its fields, its one reader and one writer
estimate      how many rows, calls and minutes, as ranges
limits        what is out of reach, or not reachable at once, and why
metrics       how many calls plans expected, for operators
calibration   correct estimates by how far earlier ones were off; pure
past_imports  how earlier imports came out, beside what was planned
statistics    figures about past jobs and calls, for estimates and history
spending      calls and connection months that imports spent
"""
