// Put before all else into each page: keeps what goes wrong in it.

'use strict';

window.pageErrors = [];
window.addEventListener('error', event => {
  const what = event.message || `${event.target.src || event.target.href} does not load`;
  window.pageErrors.push(what);
}, true);
window.addEventListener('unhandledrejection', event => {
  window.pageErrors.push(String(event.reason));
});
for (const kind of ['error', 'warn']) {
  const print = console[kind];
  console[kind] = (...words) => {
    window.pageErrors.push(words.join(' '));
    print.apply(console, words);
  };
}

// The page for printing would open a dialogue, and wait for an answer.
window.print = () => {};
