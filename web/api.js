// Asks the server: one request at a time for each thing shown, failures as values that the page can put into words.
//
// Knows the API's addresses and its errors (RFC 9457); nothing of what is shown.

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

async function get(path, params, signal) {
  const url = new URL(path, document.baseURI);
  url.search = params;
  let response;
  try {
    response = await fetch(url, { signal, headers: { Accept: 'application/json' }, credentials: 'same-origin' });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new trouble('unreachable');
  }
  const type = response.headers.get('Content-Type') ?? '';
  if (!/[/+]json\b/.test(type)) {
    throw new trouble(response.status >= 500 ? 'http' : 'unreadable', { status: response.status });
  }
  const body = await json_of(response);
  if (response.ok) return body;
  throw new trouble('http', {
    status: response.status,
    title: body.title,
    detail: body.detail,
    code: body.code,
    parameter: body.parameter,
    retry_after: Number(response.headers.get('Retry-After')) || undefined,
  });
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
      outcome = { answer: await ask(mine.signal) };
    } catch (error) {
      if (!(error instanceof trouble) && error.name !== 'AbortError') throw error;
      outcome = { trouble: error };
    }
    if (this.#current !== mine) return null;
    this.#current = null;
    return outcome;
  }

  /// A search. others: [facet, parameters] pairs, asked at the same time; their counts take the place of those in the
  /// answer, and are only left out if they cannot be had.
  search(params, others = []) {
    return this.#run(async signal => {
      const more = others.map(([facet, p]) => get('api/v1/search', p, signal).then(a => [facet, a.facets[facet]], () => null));
      const answer = await get('api/v1/search', params, signal);
      for (const counts of await Promise.all(more)) if (counts?.[1]) answer.facets[counts[0]] = counts[1];
      return answer;
    });
  }

  article(id, q, expand = true) {
    const params = new URLSearchParams({ ...(q ? { q } : {}), ...(expand ? {} : { expand: 'off' }) });
    return this.#run(signal => get(`api/v1/articles/${encodeURIComponent(id)}`, params, signal));
  }

  /// The articles that are most like one.
  related(id, limit) {
    return this.#run(signal => get(`api/v1/articles/${encodeURIComponent(id)}/related`, new URLSearchParams({ limit }), signal));
  }

  /// Why a search finds an article, or does not.
  why(id, q, expand = true) {
    const params = new URLSearchParams({ q, ...(expand ? {} : { expand: 'off' }) });
    return this.#run(signal => get(`api/v1/articles/${encodeURIComponent(id)}/why`, params, signal));
  }
}
