"""Embedded servers and child processes on one machine.

stack         start and stop everything that `bankimport up` needs
home          hold the home folder
postgres      the embedded PostgreSQL
valkey        the embedded Valkey
child         one child process
guardian      stops children when their parent was killed
ports         free ports
password      a server's password
unprivileged  drop root for servers that refuse it
"""
