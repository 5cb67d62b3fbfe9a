// The keyboard: which key does what, and the switch that turns single keys off (WCAG 2.1.4).

import { by_id, styled } from './dom.js';

const switch_name = 'rapporteur.single_keys';

// Storage may be forbidden; the switch then lasts as long as the page.
let single_keys = true;
try {
  single_keys = localStorage.getItem(switch_name) !== 'off';
} catch { /* keep the default */ }

function set_single_keys(on) {
  single_keys = on;
  try {
    localStorage.setItem(switch_name, on ? 'on' : 'off');
  } catch { /* not remembered */ }
}

/// The help comes when it is asked for; a first visit does without.
async function open_help() {
  const [help] = await Promise.all([import('./help.js'), styled('article.css')]).catch(() => []);
  if (help && !by_id('help').open) help.open_help(single_keys);
}

const typing_in = node => node.matches?.('input:not([type=checkbox]), textarea, select, [contenteditable]');

/// Binds the keys. `act` holds what they do; each function answers false when there was nothing to do, which leaves
/// the key to the browser.
export function bind_keys(act) {
  by_id('help-open').addEventListener('click', open_help);
  by_id('keys-on').addEventListener('change', event => set_single_keys(event.target.checked));

  const single = {
    '/': act.to_query,
    j: () => act.move(1),
    k: () => act.move(-1),
    n: () => act.step(1),
    p: () => act.step(-1),
    '?': open_help,
  };

  document.addEventListener('keydown', event => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (by_id('help').open) return;
    const { key, target } = event;
    let done = false;
    if (key === 'Escape') done = act.escape(target) !== false;
    else if (target === by_id('q')) done = key === 'ArrowDown' && act.first() !== false;
    else if (typing_in(target)) return;
    else if ((key === 'ArrowDown' || key === 'ArrowUp') && target.closest?.('#hits, #list-head')) {
      done = act.move_focus(key === 'ArrowDown' ? 1 : -1) !== false;
    } else if (single_keys && Object.hasOwn(single, key)) done = single[key]() !== false;
    if (done) event.preventDefault();
  });
}
