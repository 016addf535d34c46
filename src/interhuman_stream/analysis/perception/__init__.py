"""Pictures and sound into tracks over time: the face, the voice, the words."""
