"""Show what an import would fetch, before anything is fetched.

plan          choose days and accounts, and save the plan as a job
estimate      how many rows, calls and minutes, as ranges
expected      correct the expected rows by what an import has brought so far; pure
depth         how much history a bank is expected to have; pure
limits        what is unavailable or must wait, and why
calibration   correct estimates by the errors of earlier ones; pure
past_imports  results of earlier imports, compared with their plans
statistics    figures about past jobs and calls, for estimates and history
spending      calls and connection months that imports used
"""
