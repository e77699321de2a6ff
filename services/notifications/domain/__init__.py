"""The rules of deliveries and reminders; pure."""
