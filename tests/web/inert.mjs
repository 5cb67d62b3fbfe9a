// Whatever an article says stays text: fields that are markup, script, addresses that run, letters that reorder, words
// without end and characters that nobody sees. The page that is watched (site.mjs) fails on anything that runs, asks
// elsewhere or breaks the policy; here nothing of it becomes an element, widens the page, or moves what stands beside it.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { index_articles, start_server } from './site.mjs';

const markup = '"><img src=x onerror=alert(1)><script>globalThis.ran=1</script><svg onload=alert(2)>&lt;b&gt;{{7*7}}${ran=1}</title></textarea><!--';
const rlo = '\u202e';  // right-to-left override
const hostile = {
  markup,
  script: 'javascript:globalThis.ran=1//',
  entities: '&#x3c;script&#x3e;alert(1)&#x3c;/script&#x3e; &amp;amp; &nosuch; %3Cscript%3E',
  override: `${rlo}gnitroper ${rlo}\u202d left`,
  isolates: 'open \u2067\u2067\u2068\u202b never closed אבג',
  long: 'Wm'.repeat(1500),
  'long in Arabic': 'ابجد'.repeat(480),
  'long in marks': `a${'\u0301\u0489'.repeat(200)}`,
  unseen: 'zero\u200b\u200c\u200d\ufeff\u2060width \u00ad\u034f\u2028line\u2029paragraph\u0085',
  control: 'bell\u0007 escape\u001b[31m zero\u0000 end',
  noncharacters: 'no \uffff characters \ufffe \u{10ffff}, private \ue000',
};

/// The beginning of a text, in at most as many bytes as the indexer takes of a short field.
const short = text => Buffer.from(text).subarray(0, 480).toString().replace(/\ufffd+$/, '');

const article = (name, value) => ({
  id: `inert ${value}`.replace(/\p{Cc}/gu, '').slice(0, 60),
  title: `${value} inertprobe`,
  source: `${short(value)} outlet`,
  authors: [`${short(value)} first`, 'Second Author'],
  collection: `${short(value)} set`,
  country: [short(value), 'Varland'],
  url: name === 'script' ? value : `https://wire.example/${encodeURIComponent(name)}?q=${encodeURIComponent(value.slice(0, 200))}`,
  lang: 'en',
  date: '2024-05-06',
  text: `${value} inertprobe ${name}.\n\nA second paragraph, ${value}, with inertprobe in it.`,
});

/// Elements that only an article could have brought.
const brought = () => [...document.querySelectorAll('body :is(img, iframe, script, style, object, embed, math, video, audio, link, meta, base, b, font, title)')]
  .map(node => node.outerHTML)
  .concat([...document.querySelectorAll('a[href], area, form')].filter(node => /^(?:javascript|data|vbscript):/i.test(node.href ?? node.action)).map(node => node.outerHTML))
  .concat([...document.querySelectorAll('*')].flatMap(node => [...node.attributes]).filter(a => /^on/.test(a.name)).map(a => a.name))
  .concat(globalThis.ran ? ['ran'] : []);

export default function inert_tests(here) {
  describe('an article is text', () => {
    let folder;
    let server;
    const site = () => ({ server, clipboard: true });

    before(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'rapporteur-inert-'));
      const file = path.join(folder, 'hostile.jsonl');
      await writeFile(file, Object.entries(hostile).map(([name, value]) => JSON.stringify(article(name, value))).join('\n') + '\n');
      await index_articles(path.join(folder, 'index'), file);
      server = await start_server(path.join(folder, 'index'));
    });
    after(async () => {
      await server?.stop();
      if (folder) await rm(folder, { recursive: true, force: true });
    });

    for (const width of [320, 1440]) {
      test(`the list, its filters and menus, ${width} px`, () => here.visit(`inert list ${width}`, { ...site(), width, height: 700 }, async v => {
        await v.go('?q=inertprobe');
        await v.shows('.hit', /./);
        const { total } = await (await fetch(`${server.origin}/api/v1/search?q=inertprobe&limit=0`)).json();
        assert.equal(total.value, Object.keys(hostile).length, 'all were taken in');
        assert.equal(await v.page.locator('.hit').count(), total.value);
        await v.no_sideways_scrolling();
        if (width < 704) await v.page.click('#rail-open');
        await v.shows('#rail', /./);
        for (const more of await v.page.locator('#rail .more').all()) await more.click();
        await v.no_sideways_scrolling();
        assert.deepEqual(await v.page.evaluate(brought), []);
        // As filters that are on, and as what is not found.
        for (const value of [markup, hostile.override, hostile.long.slice(0, 900)]) {
          await v.go(`?q=${encodeURIComponent(value.slice(0, 300))}&source=${encodeURIComponent(`${short(value)} outlet`)}&author=${encodeURIComponent(`${short(value)} first`)}`);
          await v.shows('.chip', /./);
          await v.shows('#count', /./);
          await v.no_sideways_scrolling();
          assert.deepEqual(await v.page.evaluate(brought), []);
        }
      }));

      for (const [name, value] of Object.entries(hostile)) {
        test(`the article: ${name}, ${width} px`, () => here.visit(`inert ${name} ${width}`, { ...site(), width, height: 700 }, async v => {
          const { hits } = await (await fetch(`${server.origin}/api/v1/search?limit=50&q=inertprobe+${encodeURIComponent(`"${name}"`)}`)).json();
          const { id } = hits.find(hit => hit.snippets?.flat().map(run => run.text).join('').includes(`${name}.`)) ?? hits[0];
          await v.go(`?q=inertprobe&article=${encodeURIComponent(id)}`);
          await v.shows('#sheet h1', /inertprobe/);
          await v.shows('#matches-title', /matches/);
          if (width < 704) await v.page.click('#matches-title');
          await v.page.click('#why');
          await v.shows('.why', /./);
          await v.page.click('#cite');
          await v.shows('#copied', /./);
          await v.no_sideways_scrolling();
          assert.deepEqual(await v.page.evaluate(brought), []);
          assert.deepEqual(await v.page.evaluate(() => { const pane = document.getElementById('pane'); return pane.scrollWidth <= pane.clientWidth; }), true);
          assert.doesNotMatch(await v.page.title(), /[\u202a-\u202e\u2066-\u2069]/);
          assert.match(await v.page.title(), / – Rapporteur$/);
          assert.doesNotMatch(await v.page.evaluate(() => navigator.clipboard.readText()), /[\u202a-\u202e\u2066-\u2069\n]/);
          // The text is what the article says.
          const answer = await (await fetch(`${server.origin}/api/v1/articles/${encodeURIComponent(id)}`)).json();
          assert.deepEqual((await v.texts('#sheet .body p')).map(text => text.replace(/\s/g, ' ')),
            answer.paragraphs.map(runs => runs.map(run => run.text).join('').replace(/\s/g, ' ')));
          assert.equal(await v.page.locator('#original').isVisible(), /^https?:/.test(answer.url ?? ''));
          if (/[\u202a-\u202e\u2066-\u2069]/.test(value)) {
            // What stands behind it stays behind it.
            const in_order = await v.page.evaluate(() => {
              const right = node => Math.max(...[...node.getClientRects()].map(box => box.right));
              const names = [...document.querySelectorAll('.byline a')];
              const [first, last] = [names[0], names.at(-1)].map(node => node.getClientRects());
              const same_line = Math.abs(first[first.length - 1].top - last[0].top) < 4;
              const from = [...document.querySelectorAll('.sheet-from > *')];
              return [!same_line || right(names[0]) <= last[0].left + 1,
                from.every((node, i) => !i || node.getBoundingClientRect().top > from[i - 1].getBoundingClientRect().top + 4 ||
                  node.getBoundingClientRect().left >= from[i - 1].getBoundingClientRect().right - 1)];
            });
            assert.deepEqual(in_order, [true, true]);
          }
        }));
      }
    }

    // The same articles on the pages without scripts, which a browser with scripts is shown as well, so that it would
    // run what got through.
    for (const width of [320, 1440]) {
      test(`the plain list and its filters, ${width} px`, () => here.visit(`inert plain list ${width}`, { ...site(), width, height: 700 }, async v => {
        const addresses = ['plain/?q=inertprobe', 'plain/?q=inertprobe&ui=ar', 'plain/?sort=newest'];
        for (const value of [markup, hostile.override, hostile.long.slice(0, 900)]) {
          addresses.push(`plain/?q=${encodeURIComponent(value.slice(0, 300))}&source=${encodeURIComponent(`${short(value)} outlet`)}&author=${encodeURIComponent(`${short(value)} first`)}`);
        }
        for (const address of addresses) {
          await v.go(address);
          if (!address.includes('source=')) assert.equal(await v.page.locator('.hit').count(), Object.keys(hostile).length, address);
          for (const details of await v.page.locator('summary').all()) await details.click();
          await v.no_sideways_scrolling();
          assert.deepEqual(await v.page.evaluate(brought), [], address);
          assert.match(await v.page.title(), /Rapporteur$/);
          assert.doesNotMatch(await v.page.title(), /[\u202a-\u202e\u2066-\u2069]/, address);
        }
      }));

      for (const [name, value] of Object.entries(hostile)) {
        test(`the plain article: ${name}, ${width} px`, () => here.visit(`inert plain ${name} ${width}`, { ...site(), width, height: 700 }, async v => {
          const { hits } = await (await fetch(`${server.origin}/api/v1/search?limit=50&q=inertprobe+${encodeURIComponent(`"${name}"`)}`)).json();
          const { id } = hits.find(hit => hit.snippets?.flat().map(run => run.text).join('').includes(`${name}.`)) ?? hits[0];
          const answer = await (await fetch(`${server.origin}/api/v1/articles/${encodeURIComponent(id)}`)).json();
          for (const ui of ['en', 'ar']) {
            await v.go(`plain/articles/${encodeURIComponent(id)}?q=inertprobe&ui=${ui}`);
            await v.shows('.sheet h1', /inertprobe/);
            await v.no_sideways_scrolling();
            assert.deepEqual(await v.page.evaluate(brought), []);
            assert.match(await v.page.title(), /Rapporteur$/);
            assert.doesNotMatch(await v.page.title(), /[\u202a-\u202e\u2066-\u2069]/);
            assert.doesNotMatch(await v.page.locator('.citation').textContent(), /[\u202a-\u202e\u2066-\u2069\n]/);
            assert.equal(await v.page.locator('.original').count(), /^https?:/.test(answer.url ?? '') ? 1 : 0);
            // The text is what the article says. Zero bytes and noncharacters are shown as missing.
            const said = text => text.replace(/[\s\0-\x1f\x7f-\x9f\ufffd\ufffe\uffff\u{10ffff}]/gu, ' ');
            const paragraphs = await v.page.locator('.body p').evaluateAll(nodes => nodes.map(node => {
              const copy = node.cloneNode(true);
              for (const ours of copy.querySelectorAll('.jump, .here')) ours.remove();
              return copy.textContent;
            }));
            assert.deepEqual(paragraphs.map(said), answer.paragraphs.map(runs => said(runs.map(run => run.text).join(''))));
            // What stands behind a name that reorders stays behind it.
            const in_order = await v.page.evaluate(() => {
              const along = node => {
                const boxes = [...node.getClientRects()];
                const flip = document.dir === 'rtl' ? -1 : 1;
                return { top: boxes[0].top, bottom: boxes.at(-1).bottom, ends: boxes.map(box => [box.left * flip, box.right * flip].sort((a, b) => a - b)) };
              };
              const follow = nodes => nodes.map(along).every((at, i, all) => !i || at.top > all[i - 1].top + 4 || at.bottom > all[i - 1].bottom + 4 ||
                at.ends[0][0] >= all[i - 1].ends.at(-1)[1] - 1);
              return [follow([...document.querySelectorAll('.byline bdi')]), follow([...document.querySelectorAll('.sheet-from > *')])];
            });
            assert.deepEqual(in_order, [true, true]);
          }
        }));
      }
    }

    test('a query that reorders leaves the sentence around it in order', () => here.visit('inert query', site(), async v => {
      await v.go(`?q=${encodeURIComponent(`inertprobe ${rlo}abc`)}`);
      await v.shows('#count', /for “/);
      const order = await v.page.evaluate(() => {
        const count = document.getElementById('count');
        const range = document.createRange();
        const box = node => {
          range.selectNodeContents(node);
          return range.getBoundingClientRect();
        };
        const parts = [...count.childNodes].map(box).filter(part => part.width);
        return parts.every((part, i) => !i || part.left >= parts[i - 1].right - 1);
      });
      assert.equal(order, true);
    }));
  });
}
