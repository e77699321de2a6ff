"""What happens without anybody asking: reactions to facts, and deadlines that have come."""
