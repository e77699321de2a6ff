"""How the services are run: on one machine without Docker, in containers, and by an operator."""
