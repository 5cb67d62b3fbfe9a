// Puts text on the clipboard, also where the browser keeps it from pages without HTTPS, and says that it did.

import { by_id, el, say } from './dom.js';
import { t } from './strings.js';

/// The older way, which works without HTTPS: from a field that is selected for a moment.
function copy_selected(text) {
  const before = document.activeElement;
  const field = el('textarea', { class: 'heard', 'aria-hidden': 'true', tabindex: '-1' });
  field.value = text;
  document.body.append(field);
  field.select();
  let done = false;
  try {
    done = document.execCommand('copy');
  } catch { /* as if it had said no */ }
  field.remove();
  before?.focus?.({ preventScroll: true });
  return done;
}

/// Copies the text and shows `done`; where that is not allowed, shows the text itself to be copied by hand.
export async function copy(text, done) {
  let copied = false;
  try {
    await navigator.clipboard.writeText(text);
    copied = true;
  } catch {
    copied = copy_selected(text);
  }
  const notice = by_id('copied');
  notice.hidden = false;
  if (copied) {
    notice.replaceChildren(done);
    say(done);
    const shown = (copy.shown = (copy.shown ?? 0) + 1);
    setTimeout(() => shown === copy.shown && (notice.hidden = true), 4000);
    return;
  }
  const field = el('textarea', { readonly: true, rows: '3', 'aria-label': t.copy_by_hand, dir: 'auto' });
  field.value = text;
  notice.replaceChildren(el('p', {}, t.copy_by_hand), field,
    el('button', { type: 'button', on: { click: () => (notice.hidden = true) } }, t.close));
  field.select();
}
