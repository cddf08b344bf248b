"""Draws charts for a phone, in a process of its own that ends with the picture and gives its memory back."""
