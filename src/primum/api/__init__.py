"""The verbs and questions of the loop as OpenAPI operations, over the same actions and queries.

To add an action, write a row in `writes.WRITES`:

    Write("activities/{activity}/renew", renew.renew, gates.may(Verb.RENEW)),

The address names the keys that the action takes; the body, the answer and the words in the schema
are read from the action itself, frozen values laid open. The gate asks what the page asks before it
shows its form: leave it out where the page asks nothing. An action that no program should call
stands in `NOT_HERE` with its reason. To add a question, write a small function and a row in
`reads`. Then `primum docs`, a sample of any new key in `tests/api/world.py`, and `make test`.
"""
