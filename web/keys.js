// The keyboard: which key does what, the help that lists it, and the switch that turns single keys off (WCAG 2.1.4).

import { by_id, el } from './dom.js';
import { t } from './strings.js';

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

const query_table = () => [
  ['quintana visit', t.help_all_words],
  ['"special rapporteur"', t.help_phrase],
  ['detained OR arrested', t.help_or],
  ['prison -release', t.help_not],
  ['( )', t.help_groups],
  ['Kim NEAR/3 envoy', t.help_near],
  ['imprison*', t.help_prefix],
  ['title:famine', t.help_field],
  ['date:2018..2019-03', t.help_date],
  ['="U.N."', t.help_exact],
  ['UN', t.help_acronym],
];
const keys_table = () => [
  [['/'], t.key_query],
  [['j', 'k'], t.key_move],
  [['↓', '↑'], t.key_arrows],
  [['Enter'], t.key_open],
  [['n', 'p'], t.key_step],
  [['Esc'], t.key_escape],
  [['?'], t.key_help],
];

export function open_help() {
  const help = by_id('help');
  const keys = names => names.map((name, i) => [i ? ' ' : '', el('kbd', {}, name)]).flat();
  by_id('help-body').replaceChildren(
    el('h3', {}, t.help_query),
    el('dl', {}, query_table().map(([sample, meaning]) => [el('dt', {}, el('code', { dir: 'ltr' }, sample)), el('dd', {}, meaning)]).flat()),
    el('h3', {}, t.help_keys),
    el('dl', {}, keys_table().map(([names, meaning]) => [el('dt', {}, ...keys(names)), el('dd', {}, meaning)]).flat()));
  by_id('keys-on').checked = single_keys;
  if (!help.open) help.showModal();
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
