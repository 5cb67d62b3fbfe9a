// The archive as a search engine of the browser: that a Chromium which has never been here adds it by itself, with the
// addresses for results and suggestions, and that these work.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

import { open_browser } from './site.mjs';

export default function engine_tests(here) {
  test('a Chromium that visits the page adds the archive to its search engines', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'rapporteur-web-engine-'));
    try {
      const { origin } = here.server;
      const browser = await open_browser(path.join(folder, 'profile'));
      try {
        const page = await browser.newPage();
        await page.goto(`${origin}/?q=quintal`);
        // The browser fetches and reads the description by itself; its own page of settings is told when it has it.
        const settings = await browser.newPage();
        await settings.goto('chrome://settings/searchEngines');
        const entry = settings.locator('settings-search-engine-entry', { hasText: 'Rapporteur' });
        await entry.waitFor({ state: 'attached' });
        const engine = await entry.evaluate(node => node.engine);
        assert.equal(engine.url, `${origin}/?q=%s`);
        assert.equal(engine.keyword, '127.0.0.1');
        assert.match(engine.iconURL, /\/favicon\.(?:ico|svg)$/);  // the description's, or by then the page's
      } finally {
        await browser.close();
      }
      // What the browser has kept (SQLite), as text: the templates of the description.
      const kept = await readFile(path.join(folder, 'profile/Default/Web Data'), 'latin1');
      const suggestions = `${origin}/api/v1/suggest?format=opensearch&q={searchTerms}`;
      assert.ok(kept.includes(suggestions), 'it will ask for suggestions');
      const answer = await fetch(suggestions.replace('{searchTerms}', 'quin'));
      assert.match(answer.headers.get('content-type'), /x-suggestions\+json/);
      assert.equal((await answer.json())[0], 'quin');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}
