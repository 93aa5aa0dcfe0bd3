"""Answers as text, JSON and other forms. Nothing here prints, and nothing here decides."""
