"""A user's consent to a bank: the redirect, the tokens, and every call made with them."""
