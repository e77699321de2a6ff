"""The whole stack on one machine: real MongoDB, real Kafka, the four services, and no Docker.

`python -m deploy.local.up` runs it; `deploy.local.stack.Stack` is the same for tests and the demo.
"""
