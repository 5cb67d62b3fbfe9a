// Accessibility, as axe-core sees it: no violation of WCAG 2.2 A and AA, nor of its good practices, in any state of the
// page, light and dark, in a script from left to right and one from right to left.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/// What axe finds wrong, as sentences; none is wanted.
async function violations(v) {
  // Through the debugger, which the page's own policy does not bind.
  await v.page.evaluate(axe);
  const { violations: found } = await v.page.evaluate(values => globalThis.axe.run(document,
    { runOnly: { type: 'tag', values }, rules: { 'target-size': { enabled: true } } }), tags);
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
    ['light', {}], ['dark', { dark: true }], ['from right to left', { locale: 'ar' }],
    ['on a phone, dark, from right to left', { width: 320, height: 640, dark: true, locale: 'ar' }],
  ];

  for (const [look, options] of looks) {
    test(`no rule of accessibility is broken, ${look}`, async t => {
      for (const [name, come] of Object.entries(states)) {
        await t.test(name, () => here.visit(`axe ${look} ${name}`, { clipboard: true, expected: [/503|404/], ...options }, async v => {
          await come(v);
          assert.deepEqual(await violations(v), []);
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
}
