"""Embedded servers and child processes on one machine.

stack         start and stop everything that `bankimport up` needs
home          hold the home folder
postgres      the embedded PostgreSQL
valkey        the embedded Valkey
child         one child process
forks         several processes of one program
own_program   our own programs, as forks that share what is loaded
garbage       spare what a process loads from the garbage collector
guardian      stops the children of a killed parent
ports         free ports
ready         whether a process answers
password      the embedded servers' passwords
unprivileged  drop root for servers that refuse it
landlock      limit the files that a process can reach
"""
