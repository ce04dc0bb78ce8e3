"""Pages that tell several stories."""
