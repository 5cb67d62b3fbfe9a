// Asks for lists, and for the first one, that of the address the page came with, before style sheets and most modules are
// there: the answer is on its way while they are. list.js takes it from here.

import { channel } from './api.js';
import { bytes_in, longest_query } from './query.js';
import { list_params, parse } from './state.js';

/// What asks for lists: one at a time.
export const searching = new channel();

let early = null;  // {params, outcome} of what was asked for and not taken yet, or null

/// Asks for the list of a state that is about to be the page's.
export function ask_early(state) {
  const params = list_params(state);
  early = bytes_in(state.q) <= longest_query ? { params: `${params}`, outcome: searching.search(params) } : null;
}

/// The outcome of asking for a list, as channel's; that of one which was asked for early if it is the same.
export function search(params) {
  const outcome = early?.params === `${params}` ? early.outcome : searching.search(params);
  early = null;
  return outcome;
}

ask_early(parse(location.search));
