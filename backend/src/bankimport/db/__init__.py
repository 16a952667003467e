"""The database.

base        declarative base and common columns
session     one transaction a scope, and actions after its commit
request     the session of an HTTP request
stored      columns of JSON with a type
tables      imports every models module
migrate     bring the tables to this version
migrations  Alembic's revisions
"""
