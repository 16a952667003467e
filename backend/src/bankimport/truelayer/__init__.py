"""TrueLayer's Data API v1 over HTTP; knows nothing of our tables."""
