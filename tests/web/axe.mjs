// Accessibility. As axe-core sees it: no violation of WCAG 2.2 A and AA, nor of its good practices, in any state of the
// page, light and dark, in a script from left to right and one from right to left. And what it does not see: that the
// keyboard's focus is seen wherever it goes.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/// What axe finds wrong, as sentences; none is wanted.
async function violations(v, contrast_only) {
  // Through the debugger, which the page's own policy does not bind.
  await v.page.evaluate(axe);
  const { violations: found } = await v.page.evaluate(options => globalThis.axe.run(document, options), contrast_only
    ? { runOnly: { type: 'rule', values: ['color-contrast'] } }
    : { runOnly: { type: 'tag', values: tags }, rules: { 'target-size': { enabled: true } } });
  return found.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 160)} (${node.any.concat(node.all, node.none).map(c => c.message).join('; ')})`));
}

export default function axe_tests(here) {
  const valley = () => here.id_of('kolm valley', 'Kolm Valley inquiry found');
  const refused = async v => v.page.route('**/api/v1/search?*', route => route.fulfill({
    status: 503, headers: { 'Retry-After': '60' }, contentType: 'application/problem+json',
    body: JSON.stringify({ title: 'Overloaded', status: 503, code: 'overloaded', detail: 'The queue is full.' }) }));

  /// name → how to come to the state.
  const states = {
    start: async v => {
      await v.go();
      await v.shows('#start h1', /./);
    },
    results: async v => {
      await v.go('?q=varland');
      await v.shows('.hit mark', /./);
    },
    'results with filters, a note and pages': async v => {
      await v.go(`?q=${encodeURIComponent('the "varland')}&lang=en&from=2000&expand=off`);
      await v.shows('.chip', /./);
      await v.shows('#count', /./);
    },
    'a page in the middle': async v => {
      await v.go('?sort=newest&page=2');
      await v.shows('#pages a', /./);
    },
    'no results': async v => {
      await v.go('?q=xyzzyplugh&lang=ko&from=2019');
      await v.shows('#notice', /./);
    },
    suggestions: async v => {
      await v.go();
      await v.page.locator('#q').pressSequentially('var');
      await v.page.locator('[role=option]').first().waitFor({ state: 'visible' });
    },
    article: async v => {
      await v.go(`?q=varland&article=${await valley()}`);
      await v.shows('#sheet h1', /./);
      await v.shows('#related', /./);
      await v.press('n');
    },
    'a passage, why it was found, and a notice': async v => {
      await v.go(`?q=varland&article=${await valley()}#p4`);
      await v.shows('.target', /./);
      await v.page.click('#why');
      await v.shows('.why table', /./);
      await v.page.click('#cite');
      await v.shows('#copied', /./);
    },
    'the formats of a reference': async v => {
      await v.go(`?q=varland&article=${await valley()}`);
      await v.page.click('#cite-as');
      await v.shows('.cite-as', /./);
      await v.page.route('**/*format=ris', route => route.abort());
      await v.page.click('.cite-as [data-format=ris]');
      await v.shows('.reference-failed', /./);
    },
    help: async v => {
      await v.go('?q=varland');
      await v.shows('.hit', /./);
      await v.page.click('#help-open');
      await v.shows('#help h2', /./);
    },
    trouble: async v => {
      await refused(v);
      await v.go('?q=varland');
      await v.shows('#notice h1', /./);
    },
    'an article that is missing': async v => {
      await v.go('?q=varland&article=no-such-article');
      await v.shows('#reader-notice', /./);
    },
    'a wait': async v => {
      await v.page.route('**/api/v1/search?*', () => {});  // never answered
      await v.go('?q=varland');
      await v.shows('#wait', /./);
    },
  };
  const looks = [
    ['light', {}], ['dark', { dark: true, contrast_only: true }],
    ['on a phone, dark, from right to left', { width: 320, height: 640, dark: true, locale: 'ar' }],
  ];

  for (const [look, { contrast_only, ...options }] of looks) {
    test(`no rule of accessibility is broken, ${look}`, async t => {
      for (const [name, come] of Object.entries(states)) {
        await t.test(name, () => here.visit(`axe ${look} ${name}`, { clipboard: true, expected: [/503|404|ERR_FAILED/], ...options }, async v => {
          await come(v);
          assert.deepEqual(await violations(v, contrast_only), []);
        }));
      }
      if (options.width) {
        await t.test('filters', () => here.visit(`axe ${look} filters`, options, async v => {
          await v.go('?q=varland');
          await v.shows('.hit', /./);
          await v.page.click('#rail-open');
          await v.shows('#rail', /./);
          assert.deepEqual(await violations(v), []);
        }));
      }
    });
  }

  /// The pages without scripts, which a browser with scripts is shown as well: name → address.
  const plain = async () => ({
    start: 'plain/',
    results: 'plain/?q=varland',
    'results with filters, notes and pages': `plain/?q=${encodeURIComponent('the "varland')}&lang=en&source=-nobody&from=2000&expand=off&limit=2`,
    'a page in the middle': 'plain/?sort=newest&offset=20',
    'a page that there is not': 'plain/?q=varland&offset=5000',
    'no results': 'plain/?q=xyzzyplugh&lang=ko&from=2019',
    article: `plain/articles/${await valley()}?q=varland#m2`,
    'an article without a search': `plain/articles/${await valley()}`,
    help: 'plain/help',
    'a refusal': 'plain/?q=varland&from=June',
    'a place that is lost': 'plain/?q=varland&cursor=x',
    'an address with nothing': 'plain/nothing',
    'an article that is missing': 'plain/articles/no-such-article?q=varland',
  });

  for (const [look, { contrast_only, ...options }] of looks) {
    test(`no rule of accessibility is broken without scripts, ${look}`, async t => {
      for (const [name, address] of Object.entries(await plain())) {
        await t.test(name, () => here.visit(`axe plain ${look} ${name}`, { expected: [/40[04]/], ...options }, async v => {
          await v.go(address);
          await v.shows('h1', /./);
          // What is folded is read as well.
          for (const details of await v.page.locator('summary').all()) await details.click();
          assert.deepEqual(await violations(v, contrast_only), []);
        }));
      }
    });
  }

  // Backwards, where two bars stand over what is scrolled to.
  for (const [width, height, key] of [[320, 640, 'Tab'], [1280, 640, 'Tab'], [900, 500, 'Shift+Tab']]) {
    test(`the ${key} key reaches everything, and its place is seen, ${width} px`, () => here.visit(`focus ${width}`, { width, height }, async v => {
      await v.go(`?q=varland&article=${await valley()}`);
      await v.shows('#sheet h1', /./);
      await v.shows('#related', /./);
      await v.page.evaluate(() => document.body.focus());
      const met = new Set();
      for (let i = 0; i < 400; ++i) {
        await v.press(key);
        const now = await v.page.evaluate(() => {
          const node = document.activeElement;
          if (!node || node === document.body) return null;
          node.dataset.met ??= String(document.querySelectorAll('[data-met]').length);
          const box = node.getBoundingClientRect();
          const shown = node.matches('.language select') ? node.parentElement : node;  // on a phone the sign has its ring
          const at = document.elementFromPoint(Math.min(innerWidth - 1, Math.max(0, box.left + box.width / 2)),
            Math.min(innerHeight - 1, Math.max(0, box.top + Math.min(box.height, innerHeight) / 2)));
          return {
            key: node.dataset.met,
            what: `${node.localName}#${node.id}.${node.getAttribute('class')} ${node.textContent.slice(0, 30)}`,
            covered: !(node.contains(at) || at?.contains(node)) || box.bottom <= 0 || box.top >= innerHeight,
            // The timeline's ends draw a ring of their own.
            ring: [node, shown].some(one => getComputedStyle(one).outlineStyle !== 'none') ||
              [...node.querySelectorAll('.timeline-reach')].some(reach => getComputedStyle(reach).stroke !== 'none'),
          };
        });
        if (!now) break;  // out of the page
        if (met.has(now.key)) break;
        met.add(now.key);
        assert.deepEqual([now.covered, now.ring], [false, true], now.what);
      }
      const missed = await v.page.evaluate(() => [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')]
        .filter(node => node.tabIndex >= 0 && !node.disabled && node.checkVisibility({ checkVisibilityCSS: true }) && !node.closest('[inert]') && !node.dataset.met)
        .map(node => node.outerHTML.slice(0, 120)));
      assert.deepEqual(missed, []);
    }));
  }
}
