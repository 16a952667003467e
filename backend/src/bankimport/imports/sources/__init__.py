"""Where the rows of an attempt come from: one interface, and an adapter for each way of reading a bank.

source          the interface, and which adapter a connection uses
account_id      the account's id at TrueLayer
ask_read        Data API v1: one request is one answer
ask_wait_read   Data API v3: request, wait, and read page by page
"""
