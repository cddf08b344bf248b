"""The page without scripts: for Tor Browser at its safest, old phones, and whoever switches scripts off."""
