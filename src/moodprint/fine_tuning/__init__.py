"""Pretrained networks fine-tuned on the splits of a dataset."""
