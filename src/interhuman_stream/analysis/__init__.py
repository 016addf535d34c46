"""Bytes in, signals out: perception of face, voice and words, and their evidence. Knows no network and no wire."""

import os

# onnxruntime's packages (1.32: Privacy.md in them) report their use to Microsoft, under an id they keep in the user's
# cache, unless this is set before they are loaded. Whatever loads them here is imported through this package.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
