// Runs only in browsers too old for the page: goes to the one that needs no scripts.

location.replace("/plain");
