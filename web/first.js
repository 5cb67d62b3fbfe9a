// Asks for the list of the address the page came with, before style sheets and most modules are there: the answer is on
// its way while they are. list.js takes it from here.

import { channel } from './api.js';
import { bytes_in, longest_query } from './query.js';
import { list_params, parse } from './state.js';

/// What asks for lists: one at a time.
export const searching = new channel();

const state = parse(location.search);
const params = list_params(state);
let outcome = bytes_in(state.q) <= longest_query ? searching.search(params) : null;

/// The outcome of asking for a list, as channel's; that of the first one was asked for already.
export function search(wanted) {
  const asked = outcome && `${wanted}` === `${params}` ? outcome : searching.search(wanted);
  outcome = null;
  return asked;
}
