// The state of the page and its address: which state is the page's, and every step to another one.
//
// Knows the browser's history and what scrolls, and nothing of what is shown. Whoever draws is told by the listener.

import { by_id } from './dom.js';
import { address, parse } from './state.js';

let state = parse(location.search);
let listener = () => {};
let ahead = () => {};
let placed = false;

/// The state that the address has.
export const now = () => state;

/// Has follow(why) called after every step, once the state is the new one, and prepare(next) as soon as the next one is
/// known: browsers take long to put an address into the history.
export const on_step = (follow, prepare) => [listener, ahead] = [follow, prepare];

/// Whether the reader has a place in the list. While another is on its way there is none to remember, and the one to go
/// back to must not be lost.
export const has_place = yes => (placed = yes);

/// Keeps where the reader is in the list and in the article beside it.
export function remember_place() {
  if (!placed) return;
  const pane = by_id('sheet').firstChild ? by_id('pane').scrollTop : history.state?.pane;
  history.replaceState({ ...history.state, y: scrollY, pane }, '');
}

function step_to(next, why) {
  state = next;
  listener(why);
}

/// Makes next the state. why: what the reader did, which decides where focus goes.
export function go(next, why = '', { replace = false, opened_here = false } = {}) {
  ahead(next);
  remember_place();
  const y = why === 'open' ? scrollY : 0;  // the list stays where it is beside what is opened
  if (replace || address(next) === address(state)) {
    history.replaceState({ ...history.state, y, pane: 0 }, '', address(next));
  } else history.pushState({ y, opened_here }, '', address(next));
  step_to(next, why);
}

/// Makes what update makes of the state, as it is by then, the state. With why 'view' the same list is shown with something
/// of the page unfolded or folded, which is no step to go back over.
export function change(update, why = 'filter') {
  const next = update(state);
  if (why !== 'view') return go(next, why);
  history.replaceState(history.state, '', address(next));
  step_to(next, why);
}

history.scrollRestoration = 'manual';
addEventListener('popstate', () => step_to(parse(location.search), 'back'));
addEventListener('pagehide', remember_place);
let resting;
addEventListener('scroll', () => {
  clearTimeout(resting);
  resting = setTimeout(remember_place, 250);
}, { capture: true, passive: true });  // the pane's too
