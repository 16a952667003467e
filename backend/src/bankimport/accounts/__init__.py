"""Bank accounts and cards, under an identity of ours that outlives TrueLayer's ids."""
