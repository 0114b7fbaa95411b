"""A service that joins the answers of two others. Written with async and await."""
