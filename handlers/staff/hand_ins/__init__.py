"""上交红包: an envelope is given up, received, and ends in the books."""
