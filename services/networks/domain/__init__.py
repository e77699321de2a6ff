"""The rules of networks, their slots, outputs and results; pure."""
