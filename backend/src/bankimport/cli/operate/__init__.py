"""Commands for operators of an installation.

up         `up`
processes  the single processes that `up` starts
demo       `demo`
setup      `setup`
doctor     `doctor` and `settings`
health     `health`
users      `user`
audit      `audit`
backup     `backup` and `restore`
secrets    `secrets`
upgrade    `upgrade`
place      the database that these three work on
preflight  wrong settings that would otherwise show only in use
"""
