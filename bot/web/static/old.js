// Runs only in browsers too old for the page: shows what is meant for those without scripts.

var notice = document.querySelector("noscript");
var shown = document.createElement("div");
shown.innerHTML = notice.textContent;
notice.parentNode.insertBefore(shown, notice);
