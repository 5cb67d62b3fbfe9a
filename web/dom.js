// Builds elements. Text only ever becomes text: nothing here, or anywhere in the page, parses HTML, so whatever an
// article contains stays inert.

export const by_id = id => document.getElementById(id);

/// A text whose isolates (UAX #9) are all closed, and which closes none that it has not opened. Browsers make <bdi> of
/// the same characters, so that one that is left open would let the text out of it.
export function closed(text) {
  let open = 0;
  const kept = String(text).replace(/[\u2066-\u2069]/g, letter => {
    if (letter !== '\u2069') open += 1;
    else if (open) open -= 1;
    else return '';
    return letter;
  });
  return kept + '\u2069'.repeat(open);
}

/// An element with properties and children. Properties: class, on (listeners), data, and attributes by their name;
/// undefined, null and false leave an attribute out. Children: nodes and strings; null and false are left out.
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === 'class') node.className = value;
    else if (name === 'on') for (const [type, listener] of Object.entries(value)) node.addEventListener(type, listener);
    else if (name === 'data') Object.assign(node.dataset, value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  const held = children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false);
  node.append(...(tag === 'bdi' ? held.map(child => child instanceof Node ? child : closed(child)) : held));
  return node;
}

/// Runs of text as nodes, those that matched as <mark>. An ellipsis is shown as the run's text says it.
export const runs = list => (list ?? []).map(run => run.match ? el('mark', {}, run.text) : run.text);

/// The text of runs.
export const plain = list => (list ?? []).map(run => run.text).join('');

/// A sentence of the interface with nodes in its places: word(values) makes the text, nodes holds what stands where it
/// names a placeholder.
export function with_nodes(word, nodes) {
  const names = Object.keys(nodes);
  const slot = i => String.fromCodePoint(0xf0000 + i);  // private use: stands in no sentence
  const text = word(Object.fromEntries(names.map((name, i) => [name, slot(i)])));
  return text.split(/([\u{f0000}-\u{f000f}])/u).map(part => nodes[names[part.codePointAt(0) - 0xf0000]] ?? part);
}

/// lang and dir for text of an article: the browser picks fonts, hyphens and line breaks by the one, the side on
/// which lines begin by the other.
export function tongue(lang) {
  return { lang: /^[a-z]{2,3}(-[a-z0-9]+)*$/i.test(lang ?? '') ? lang : '', dir: 'auto' };
}

/// The direction of a piece that may begin anywhere in a text, so that its first letter decides nothing: that of most of
/// its letters.
export function side_of(text) {
  const rtl = text.match(/[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/g)?.length ?? 0;
  const all = text.match(/\p{L}/gu)?.length ?? 0;
  return rtl * 2 > all ? 'rtl' : rtl ? 'ltr' : 'auto';
}

/// An address that may become a link: absolute and on the web. Anything else (javascript:, data:) is null.
export function web_address(text) {
  try {
    const url = new URL(text);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url : null;
  } catch {
    return null;
  }
}

export const host_of = url => url.host.replace(/^www\./, '');

/// Adds a style sheet to the page, once; resolves when it is there.
const sheets = new Map();
export function styled(href) {
  if (!sheets.has(href)) {
    sheets.set(href, new Promise((resolve, reject) => {
      document.head.append(el('link', { rel: 'stylesheet', href, on: { load: resolve, error: reject } }));
    }));
    sheets.get(href).catch(() => sheets.delete(href));
  }
  return sheets.get(href);
}

/// Says something to people who do not see the page: with a blank more if it was said last, else it is no news.
export function say(text) {
  const live = by_id('live');
  live.textContent = live.textContent === text ? `${text}\u00a0` : text;
}

/// Does something once what stands now has been painted; at once where nothing is painted. The function returned does it
/// now, or never (false).
export function after_paint(act) {
  let waiting = true;
  const end = (done = true) => {
    const first = waiting;
    waiting = false;
    if (first && done) act();
  };
  if (document.hidden) end();
  else {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => end();
    // A frame's callbacks are run before it is painted, a message behind it.
    requestAnimationFrame(() => port2.postMessage(null));
  }
  return end;
}

/// Does something when a wait has become long enough to be noticed; the function returned calls it off.
export function after_a_moment(act) {
  const timer = setTimeout(act, 300);
  return () => clearTimeout(timer);
}
