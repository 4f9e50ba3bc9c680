"""The wardrobe: each outfit told by its shape."""
