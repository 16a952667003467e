"""What operators do to an installation as a whole.

errors    what can go wrong
archive   the encrypted file of a backup
key_file  the file of users' keys beside the backups
dump      copy a whole database out and in, by PostgreSQL's own programs
backup    back up the database, the settings and the keys
restore   put a backup into an empty place
rotate    encrypt every stored secret again under the newest key
init_secrets  make the passwords of a new deployment
upgrade   what an upgrade would do, and whether it can go ahead
"""
