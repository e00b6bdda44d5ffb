"""The service: what its containers run, and the secrets they share. docker-compose.yml puts them together."""
