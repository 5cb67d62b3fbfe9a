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

/// The newer way. The text may be promised: some browsers allow it only while a click is being handled.
async function write(wanted) {
  if (!(wanted instanceof Promise)) return navigator.clipboard.writeText(wanted);
  const blob = wanted.then(text => text === undefined ? Promise.reject(new Error('nothing to copy')) : new Blob([text], { type: 'text/plain' }));
  return navigator.clipboard.write([new ClipboardItem({ 'text/plain': blob })]);
}

/// Copies the text and shows `done`; where that is not allowed, shows the text itself to be copied by hand. The text may
/// be a promise; of undefined nothing is copied, and nothing said.
export async function copy(wanted, done) {
  const writing = write(wanted).then(() => true, () => false);
  const text = await wanted;
  if (text === undefined) return;
  const copied = await writing || copy_selected(text);
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
