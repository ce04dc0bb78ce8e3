"""The visible text of a page → the article on it."""
