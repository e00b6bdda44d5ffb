"""Examples of several parts: Modes of an image, float32 and standardized on train, and a text, padded word tokens."""
