"""What is between the network and the routes.

guard       bounds, hosts and headers of every request and answer
headers     the headers that tell browsers what an answer may do
hosts       by which names this installation may be reached
waiting     how many requests may wait for banks and receivers at once, in all and of one user
depends     the same, as routes ask for it
plain_page  a page without scripts, for what happens before anybody is signed in
"""
