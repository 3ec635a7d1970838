"""The channel ``messenger``: a Facebook page, by our own codec."""
