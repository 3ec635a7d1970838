"""The web chat: a page that works without JavaScript, fed by the same inbox and outbox."""
