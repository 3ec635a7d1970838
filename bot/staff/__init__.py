"""The officers' bot: what an officer does from the telephone, by the same verbs as the console."""
