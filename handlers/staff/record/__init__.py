"""医德档案: what is known about a person's ethics, who reads it and who enters what."""
