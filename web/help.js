// The help: how to write a query, and which key does what. Fetched when it is opened (keys.js).

import { by_id, el } from './dom.js';
import { t } from './strings.js';

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

/// Shows the help. single_keys: whether they work, for the switch in it.
export function open_help(single_keys) {
  const keys = names => names.map((name, i) => [i ? ' ' : '', el('kbd', {}, name)]).flat();
  by_id('help-body').replaceChildren(
    el('h3', {}, t.help_query),
    el('dl', {}, query_table().map(([sample, meaning]) => [el('dt', {}, el('code', { dir: 'ltr' }, sample)), el('dd', {}, meaning)]).flat()),
    el('h3', {}, t.help_keys),
    el('dl', {}, keys_table().map(([names, meaning]) => [el('dt', {}, ...keys(names)), el('dd', {}, meaning)]).flat()));
  by_id('keys-on').checked = single_keys;
  by_id('help').showModal();
}
