"""Pages that tell several stories, and stories that several pages tell."""
