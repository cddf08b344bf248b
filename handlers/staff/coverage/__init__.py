"""覆盖率: how far offices are with what they owe, for whoever oversees them."""
