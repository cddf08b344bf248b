"""What staff say and are shown: what they owe, training, envelopes given up, how far their office is."""
