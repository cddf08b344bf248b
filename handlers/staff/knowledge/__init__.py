"""知晓率: how well the nine rules are known, told office by office."""
