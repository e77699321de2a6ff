"""Where facts are kept: appended once, read in order, and told to Kafka by the relay."""
