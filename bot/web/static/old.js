// Runs only in browsers too old for the page: goes to the one that needs no scripts.

location.replace(location.pathname === "/f" ? "/plain#ticket-code" : "/plain");
