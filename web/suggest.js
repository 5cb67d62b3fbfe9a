// Suggestions under the search box while a query is typed: an ARIA 1.2 combobox with a list box.
//
// Keeps the suggestions for the text that is in the box now, and which of them is chosen. The focus stays in the box
// and the text as it was typed, so Enter without a choice searches for just that. What a choice does is the caller's.

import { channel } from './api.js';
import { bytes_in } from './query.js';
import { el, say } from './dom.js';
import { t } from './strings.js';

const most_shown = 8;
const longest_asked = 256;  // bytes; the API's bound

/// A suggestion with what was typed set back, so that the eye goes to what would be added.
function told_apart(text, typed) {
  const same = typed && text.toLowerCase().startsWith(typed.toLowerCase()) ? typed.length : 0;
  return [same > 0 && el('span', { class: 'typed' }, text.slice(0, same)), text.slice(same)];
}

/// Makes input a combobox whose list box is `list`. choose(suggestion) is called with the API's object.
/// Answers {ask, close}: ask() asks for what is in the box now, close() also ends a request under way.
export function suggest_for(input, list, choose) {
  const asking = new channel();
  let shown = [];
  let chosen = -1;

  const options = () => [...list.children];

  function mark(at) {
    chosen = at;
    options().forEach((option, i) => option.setAttribute('aria-selected', String(i === at)));
    if (at < 0) return input.removeAttribute('aria-activedescendant');
    input.setAttribute('aria-activedescendant', list.children[at].id);
    list.children[at].scrollIntoView({ block: 'nearest' });
  }

  function empty() {
    shown = [];
    mark(-1);
    list.hidden = true;
    list.replaceChildren();
    input.setAttribute('aria-expanded', 'false');
  }

  function close() {
    asking.cancel();
    empty();
  }

  function draw(suggestions, typed) {
    shown = suggestions;
    list.replaceChildren(...suggestions.map((suggestion, i) => el('li', {
      id: `suggestion-${i}`, role: 'option', class: 'suggestion', 'aria-selected': 'false', data: { kind: suggestion.kind },
    }, el('bdi', { class: 'suggestion-text' }, told_apart(suggestion.text, typed)), ' ',
    el('span', { class: 'kind' }, `kind_${suggestion.kind}` in t ? t[`kind_${suggestion.kind}`] : ''))));
    mark(-1);
    list.hidden = false;
    input.setAttribute('aria-expanded', 'true');
  }

  /// What is shown and still goes on from what is in the box now; the rest was for an older text.
  function keep() {
    const typed = input.value.trimStart();
    const kept = shown.filter(({ text }) => typed && text.toLowerCase().startsWith(typed.toLowerCase()));
    if (kept.length) draw(kept, typed);
    else empty();
  }

  function show(suggestions, typed) {
    if (!suggestions.length) return close();
    draw(suggestions, typed);
    say(t.suggestions({ n: suggestions.length }));
  }

  async function ask() {
    const typed = input.value;
    if (!typed.trim() || bytes_in(typed) > longest_asked) return close();
    const outcome = await asking.suggest(typed, most_shown);
    // No answer, or one for a text that is no longer there: suggestions are a help, their absence no trouble.
    if (outcome && (outcome.trouble || input.value !== typed || document.activeElement !== input)) return close();
    if (outcome) show(outcome.answer.suggestions, typed.trimStart());
  }

  function take(at) {
    const suggestion = shown[at];
    close();
    choose(suggestion);
  }

  input.addEventListener('input', () => {
    keep();
    ask();
  });
  input.addEventListener('blur', close);
  input.addEventListener('keydown', event => {
    const { key } = event;
    // A key that confirms a syllable or a character belongs to the input method.
    if (event.isComposing || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (list.hidden) {
      if (!event.altKey || key !== 'ArrowDown') return;
      ask();
    } else if (key === 'ArrowDown' && !event.altKey) mark(chosen + 1 < shown.length ? chosen + 1 : -1);
    else if (key === 'ArrowUp' && !event.altKey) mark(chosen < 0 ? shown.length - 1 : chosen - 1);
    else if (key === 'Escape' || (key === 'ArrowUp' && event.altKey)) close();
    else if (key === 'Enter' && chosen >= 0) take(chosen);
    else {
      if (['ArrowLeft', 'ArrowRight', 'Home', 'End'].includes(key)) mark(-1);
      return;
    }
    event.preventDefault();
  });
  // The press would take the focus from the box, and with it the list.
  list.addEventListener('pointerdown', event => event.preventDefault());
  list.addEventListener('mousedown', event => event.preventDefault());
  list.addEventListener('click', event => {
    const at = options().indexOf(event.target.closest('[role=option]'));
    if (at >= 0) take(at);
  });

  return { ask, close };
}
