// References for reference managers: copied, or as a file, as the server writes them, and of the open article alone.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { held } from './site.mjs';

const formats = [['ris', 'RIS'], ['bib', 'BibTeX'], ['csl.json', 'CSL-JSON']];
const copied = v => v.page.evaluate(() => navigator.clipboard.readText());
const clear = v => v.page.evaluate(() => navigator.clipboard.writeText('nothing yet'));

export default function references_tests(here) {
  const on_page = (name, options, body) => test(name, () => here.visit(name, { clipboard: true, ...options }, body));
  const brigades = () => here.id_of('quivara brigades', 'Search brigades');
  const reference = async (id, format) => (await fetch(`${here.server.origin}/api/v1/articles/${encodeURIComponent(id)}?format=${format}`)).text();
  const unfolded = async (v, address) => {
    await v.go(address);
    await v.page.click('#cite-as');
    await v.shows('.cite-as', 'BibTeX');
  };

  on_page('a reference is copied as the server writes it, and that is said', {}, async v => {
    const id = await brigades();
    await unfolded(v, `?q=tooth&article=${id}`);
    assert.equal(await v.page.getAttribute('#cite-as', 'aria-expanded'), 'true');
    for (const [format, name] of formats) {
      await clear(v);
      await v.page.click(`.cite-as [data-format="${format}"]`);
      await v.shows('#copied', `${name} copied`);
      await v.shows('#live', `${name} copied`);
      // What a clipboard does to the ends of lines is the system's.
      assert.equal((await copied(v)).replaceAll('\r\n', '\n'), (await reference(id, format)).replaceAll('\r\n', '\n'));
    }
    await v.page.click('#cite-as');
    await v.hidden('div.cite-as');
  });

  on_page('a reference is a file as well', {}, async v => {
    const id = await brigades();
    await unfolded(v, `?q=tooth&article=${id}`);
    for (const [format, name] of formats) {
      const [download] = await Promise.all([v.page.waitForEvent('download'), v.page.getByRole('link', { name: `Download as ${name}` }).click()]);
      assert.equal(download.suggestedFilename(), `article.${format}`);
      assert.equal(await readFile(await download.path(), 'utf8'), await reference(id, format));
    }
    await v.until_address({ q: 'tooth', article: id });
  });

  on_page('references are had by keyboard', {}, async v => {
    const id = await brigades();
    await v.go(`?article=${id}`);
    await v.page.focus('#cite');
    await v.press('Tab');
    await v.focused('#cite-as');
    await v.press('Enter', 'Tab');
    await v.until(() => document.activeElement.getAttribute('aria-label') === 'Copy as RIS');
    await v.press('Enter');
    await v.shows('#copied', 'RIS copied');
    await v.until(() => document.activeElement.getAttribute('aria-label') === 'Copy as RIS');
    await v.press('Tab');
    await v.until(() => document.activeElement.getAttribute('aria-label') === 'Download as RIS');
  });

  on_page('why there is no reference is said, and the next try is a new one', { expected: [/503|404|ERR_FAILED/] }, async v => {
    await unfolded(v, `?article=${await brigades()}`);
    const replies = [
      [route => route.abort(), 'cannot be reached'],
      [route => route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify({ status: 503, code: 'overloaded', detail: 'The queue is full.' }) }), 'more requests than it can take'],
      [route => route.fulfill({ status: 404, contentType: 'application/problem+json', body: JSON.stringify({ status: 404, code: 'not_found' }) }), 'not in the archive'],
      [route => route.fulfill({ status: 200, contentType: 'text/html', body: '<h1>Sign in</h1>' }), 'could not be read'],
    ];
    for (const [reply, words] of replies) {
      await clear(v);
      await v.page.route('**/*format=ris', reply);
      await v.page.click('.cite-as [data-format=ris]');
      await v.shows('.reference-failed', words);
      await v.shows('#live', words);
      assert.equal(await copied(v), 'nothing yet');
      assert.equal(await v.page.locator('#copied').isVisible(), false);
      await v.page.unroute('**/*format=ris');
    }
    await v.page.click('.cite-as [data-format=ris]');
    await v.shows('#copied', 'RIS copied');
    await v.hidden('.reference-failed');
  });

  on_page('where copying is not allowed the reference is shown to be copied by hand', {}, async v => {
    await v.page.addInitScript(() => {
      Object.defineProperty(navigator, 'clipboard', { value: undefined });
      document.execCommand = () => false;
    });
    await unfolded(v, `?article=${await brigades()}`);
    await v.page.click('.cite-as [data-format=bib]');
    await v.shows('#copied', 'did not allow copying');
    assert.match(await v.page.inputValue('#copied textarea'), /^@article\{[\s\S]*title = \{\{Search brigades return/);
  });

  on_page('a reference that comes late is not that of another article', {}, async v => {
    const [id, other] = [await brigades(), await here.id_of('kolm valley', 'Kolm Valley inquiry found')];
    await unfolded(v, `?q=varland&article=${id}`);
    await clear(v);
    const late = await held(v.page, 'format=ris');
    await v.page.click('.cite-as [data-format=ris]');
    await late.first;
    const ended = v.page.waitForEvent('requestfailed', request => request.url().includes('format=ris'));
    await v.page.evaluate(address => document.querySelector('main').append(Object.assign(document.createElement('a'), { href: address, id: 'other', textContent: 'other' })), `?q=varland&article=${other}`);
    await v.page.click('#other');
    await ended;
    await v.shows('#sheet h1', 'Kolm Valley');
    late.release();
    await v.page.click('#cite-as');
    await v.page.click('.cite-as [data-format=bib]');
    await v.shows('#copied', 'BibTeX copied');
    assert.match(await copied(v), /Kolm Valley/);
  });
}
