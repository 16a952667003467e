"""What is between the network and the routes.

waiting     how many requests may wait for banks and receivers at once, in all and of one user
depends     the same, as routes ask for it
plain_page  a page without scripts, for what happens before anybody is signed in
"""
