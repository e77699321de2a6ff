"""What follows by itself: commands from others' facts, and from dates that pass."""
