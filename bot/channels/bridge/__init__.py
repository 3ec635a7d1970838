"""The HTTP bridge API (docs/bridges.md): other programs speak with the bot, signed both ways."""
