"""WhatsApp by a WAHA server (docs/bridges.md): unofficial, text only, off unless configured."""
