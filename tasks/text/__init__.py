"""Text. Inputs are (examples, places) int64 tokens: characters, words, or pieces of words; 0 is padding, 1 unknown."""
