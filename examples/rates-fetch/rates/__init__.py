"""A Tornado application from before Waterspout: it calls others by AsyncHTTPClient."""
