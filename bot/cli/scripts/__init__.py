"""Scripted conversations: their format, the stage they are played on, and what they cover."""
