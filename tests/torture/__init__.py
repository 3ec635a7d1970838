"""Kills: the product dies at every point of its work, and nothing is lost or done twice."""
