"""What WhatsApp and Messenger share: Meta's webhook, and how its Graph API is asked and answers."""
