"""Messages to people, and the mail outbox."""
