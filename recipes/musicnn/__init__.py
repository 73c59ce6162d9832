"""How the networks of the feature set `musicnn` were brought from TensorFlow to ONNX."""
