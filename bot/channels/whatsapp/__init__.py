"""The channel ``whatsapp``: Meta's Cloud API, by our own codec."""
