"""What an article says of itself: date, byline, source credit, language."""
