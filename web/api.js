// Asks the server: one request at a time for each thing shown, failures as values that the page can put into words.
//
// Knows the API's addresses and its errors (RFC 9457); nothing of what is shown, but that what is told by a code needs
// its sentences.

/// Why there is no answer. kind: unreachable (no connection), unreadable (not the API's JSON), http (a problem).
export class trouble extends Error {
  constructor(kind, fields = {}) {
    super(fields.detail ?? kind);
    Object.assign(this, { kind }, fields);
  }
}

async function json_of(response) {
  try {
    return await response.json();
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    // A body that breaks off is a lost connection; one that is whole but no JSON came from something else.
    throw new trouble(error instanceof SyntaxError ? 'unreadable' : 'unreachable', { status: response.status });
  }
}

async function text_of(response) {
  try {
    return await response.text();
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new trouble('unreachable');
  }
}

/// Above this many characters an address is sent as a form instead: the server takes 16 KiB, a proxy often 8 KiB.
const longest_address = 6000;

/// The seconds after which the server wants to be asked again, or undefined. (Retry-After may also be a date.)
function pause(response) {
  const text = response.headers.get('Retry-After') ?? '';
  const seconds = /^\d+$/.test(text) ? Number(text) : Math.ceil((Date.parse(text) - Date.now()) / 1000);
  return seconds > 0 ? seconds : undefined;
}

/// posted: ask with a form body, which stands in no address and in no log. text: the media type of an answer that is
/// wanted as text instead of JSON.
async function ask(path, params, signal, { posted = false, text = '' } = {}) {
  const url = new URL(path, document.baseURI);
  const options = { signal, headers: { Accept: text || 'application/json' }, credentials: 'same-origin' };
  if (posted || `${params}`.length > longest_address) Object.assign(options, { method: 'POST', body: params });
  else url.search = params;
  let response;
  try {
    response = await fetch(url, options);
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new trouble('unreachable');
  }
  const type = response.headers.get('Content-Type') ?? '';
  if (text && response.ok && type.startsWith(text)) return text_of(response);
  if (!/[/+]json\b/.test(type)) {
    // What a proxy says in its own words is still told by its number, where that means one thing only.
    const plain = response.status >= 500 || [413, 414, 429, 431].includes(response.status);
    throw new trouble(plain ? 'http' : 'unreadable', { status: response.status, retry_after: pause(response) });
  }
  const body = await json_of(response);
  if (response.ok) return body;
  throw new trouble('http', {
    status: response.status,
    title: body.title,
    detail: body.detail,
    code: body.code,
    parameter: body.parameter,
    values: body.values,
    retry_after: pause(response),
  });
}

/// Rejects once the signal is given.
const called_off = signal => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));

/// Fetches the sentences for what is told by a code, before it is. (Imported late: the first list is asked for before the
/// words are there.)
async function worded(outcome) {
  const by_code = outcome.trouble ? outcome.trouble.code : outcome.answer?.query?.warnings?.length;
  if (by_code) await import('./strings.js').then(strings => strings.load_sentences()).catch(() => {});
  return outcome;
}

/// Runs one request at a time: a newer one, or cancel(), ends the one before, whose outcome nobody sees.
export class channel {
  #current = null;

  get busy() {
    return this.#current !== null;
  }

  cancel() {
    this.#current?.abort();
    this.#current = null;
  }

  /// {answer}, {trouble}, or null when something newer took its place. ask(signal) promises the answer.
  async #run(ask) {
    this.cancel();
    const mine = (this.#current = new AbortController());
    let outcome;
    try {
      const asked = ask(mine.signal).then(answer => ({ answer }), error => {
        if (!(error instanceof trouble)) throw error;
        return { trouble: error };
      }).then(worded);
      // Who waits is told at once that it is over, whenever the request itself notices.
      outcome = await Promise.race([asked, called_off(mine.signal)]);
    } catch (error) {
      if (error.name !== 'AbortError') throw error;
    }
    if (this.#current !== mine) return null;
    this.#current = null;
    return outcome;
  }

  search(params) {
    return this.#run(signal => ask('api/v1/search', params, signal));
  }

  /// What text may go on to. All requests are of one length, as the answers are: on the line nobody counts the letters.
  suggest(text, limit) {
    const params = new URLSearchParams({ q: text, limit });
    params.set('pad', 'x'.repeat(Math.max(0, 1000 - params.toString().length)));
    return this.#run(signal => ask('api/v1/suggest', params, signal, { posted: true }));
  }

  article(id, q, expand = true) {
    const params = new URLSearchParams({ ...(q ? { q } : {}), ...(expand ? {} : { expand: 'off' }) });
    return this.#run(signal => ask(`api/v1/articles/${encodeURIComponent(id)}`, params, signal));
  }

  /// A reference to an article, as text.
  reference(id, format, text) {
    return this.#run(signal => ask(`api/v1/articles/${encodeURIComponent(id)}`, new URLSearchParams({ format }), signal, { text }));
  }

  /// The articles that are most like one.
  related(id, limit) {
    return this.#run(signal => ask(`api/v1/articles/${encodeURIComponent(id)}/related`, new URLSearchParams({ limit }), signal));
  }

  /// Why a search finds an article, or does not.
  why(id, q, expand = true) {
    const params = new URLSearchParams({ q, ...(expand ? {} : { expand: 'off' }) });
    return this.#run(signal => ask(`api/v1/articles/${encodeURIComponent(id)}/why`, params, signal));
  }
}
