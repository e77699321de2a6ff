"""What a running service tells its operators: logs as facts, and metrics."""
