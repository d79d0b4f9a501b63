"""People, posts, organisations, seals: who is who in the mission, and who may see what."""
