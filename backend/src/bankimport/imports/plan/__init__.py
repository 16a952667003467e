"""Say what an import would fetch, before anything is fetched.

plan          choose days and accounts, and save the plan as a job
estimate      how many rows, calls and minutes, as ranges
depth         how much history a bank is expected to have; pure
limits        what is out of reach, or waits, and why
calibration   correct estimates by how far earlier ones were off; pure
past_imports  how earlier imports came out, beside what was planned
statistics    figures about past jobs and calls, for estimates and history
spending      calls and connection months that imports spent
"""
