// What is spoken: the page as somebody meets it who hears it. Each test stands for what a screen reader said, or kept to
// itself, over the real page.

import assert from 'node:assert/strict';
import { test } from 'node:test';

/// The names of what has this role, as browsers hand them to screen readers.
async function names(v, role) {
  const session = await v.page.context().newCDPSession(v.page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  return nodes.filter(node => !node.ignored && node.role?.value === role).map(node => node.name?.value ?? '');
}

export default function spoken_tests(here) {
  const on_page = (name, options, body) => test(name, () => here.visit(name, options, body));

  on_page('the count is told apart from the page', {}, async v => {
    await v.go('?sort=newest');
    await v.shows('#count', /articles\s+Page 1 of/);
  });

  for (const width of [390, 1280]) {
    on_page(`the title is read before where an article is from, and stands where it did, ${width} px`, { width }, async v => {
      const id = await here.id_of('kolm valley', 'Kolm Valley inquiry found');
      await v.go('?q=varland');
      await v.shows('.hit .snippet', /./);
      const read = (title, from) => v.page.evaluate(([a, b]) => {
        const [title, from] = [document.querySelector(a), document.querySelector(b)];
        const [at, beside] = [title.getBoundingClientRect(), from.getBoundingClientRect()];
        return {
          behind: Boolean(title.compareDocumentPosition(from) & Node.DOCUMENT_POSITION_FOLLOWING),
          seen: beside.bottom <= at.top + 1 ? 'above' : beside.right <= at.left ? 'beside' : 'elsewhere',
        };
      }, [title, from]);
      assert.deepEqual(await read('.hit h2', '.hit-from'), { behind: true, seen: width < 700 ? 'above' : 'beside' });
      await v.go(`?q=varland&article=${id}`);
      await v.shows('#sheet h1', /./);
      assert.deepEqual(await read('#sheet h1', '.sheet-from'), { behind: true, seen: 'above' });
    });
  }

  on_page('what was said last is said again', {}, async v => {
    await v.go('?q=quintal');
    await v.shows('#live', '“quintal”');
    const before = await v.page.textContent('#live');
    await v.page.selectOption('#sort', 'newest');
    await v.until_address({ q: 'quintal', sort: 'newest' });
    // The count is the same, and a text that does not change is not spoken.
    await v.until(text => document.getElementById('live').textContent !== text, before);
    assert.equal((await v.page.textContent('#live')).trim(), before.trim());
  });

  on_page('a filter taken off says what there is now', {}, async v => {
    await v.go('?q=varland&lang=en&from=2000');
    await v.shows('.chip', /./);
    await v.shows('#live', '“varland”');
    await v.page.focus('.chip >> nth=1');
    await v.press('Enter');
    await v.until_address({ q: 'varland', lang: 'en' });
    await v.focused('.chip');
    const { total } = await here.ask('search?q=varland&lang=en&limit=0');
    await v.shows('#live', `${total.value} articles for “varland”`);
  });

  on_page('nothing is read where nothing is wrong with the dates', {}, async v => {
    await v.go('?q=varland');
    await v.shows('.hit', /./);
    assert.deepEqual(await names(v, 'alert'), []);
    await v.page.fill('#from', 'June');
    await v.press('Enter');
    await v.shows('#dates-error', /./);
    assert.equal((await names(v, 'alert')).length, 1);
  });

  on_page('signs are no part of a name', {}, async v => {
    await v.go('?sort=newest');
    await v.shows('.fold', /./);
    const buttons = await names(v, 'button');
    assert.ok(buttons.length > 4);
    assert.deepEqual(buttons.filter(name => !/^[\p{L}\p{N}‹›]/u.test(name.trim())), []);
  });

  on_page('who reads in the list goes on from there', {}, async v => {
    await v.go('?q=varland');
    await v.shows('.hit:nth-child(3) .snippet', /./);
    // A screen reader puts the caret where it reads; whatever can have the focus around it would take it.
    await v.page.click('.hit:nth-child(2) .snippet');
    assert.equal(await v.page.evaluate(() => document.activeElement === document.body), true);
    await v.press('Tab');
    await v.focused('.hit:nth-child(3) a.open');
    await v.page.focus('#skip');
    await v.press('Enter');
    await v.focused('#results');
    await v.press('Tab');
    await v.until(() => document.activeElement.closest('#results') && !document.getElementById('results').hasAttribute('tabindex'));
  });

  on_page('how many matches an article has is said when it is opened', {}, async v => {
    const id = await here.id_of('kolm valley', 'Kolm Valley inquiry found');
    const { matches } = await here.ask(`articles/${encodeURIComponent(id)}?q=varland`);
    await v.go('?q=varland');
    await v.page.click(`.hit[data-id="${id}"] a.open`);
    await v.focused('#sheet-title');
    await v.shows('#live', `${matches} matches`);
  });

  on_page('what became of a query is said with its count', {}, async v => {
    await v.go();
    await v.search('quintla');
    await v.focused('#count');
    await v.shows('#live', 'Did you mean quintal?');
    await v.search('varland OR');
    await v.shows('#live', /At character 9:.*OR/);
  });

  on_page('the keys to a match lead there, and the buttons stay', {}, async v => {
    const id = await here.id_of('kolm valley', 'Kolm Valley inquiry found');
    await v.go(`?q=varland&article=${id}`);
    await v.shows('#step-count', /\d+ match/);
    await v.press('n', 'n');
    await v.focused('mark[aria-current]');
    assert.notEqual(await v.page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), 'none');
    await v.page.focus('#step-on');
    await v.press('Enter', 'Enter');
    await v.shows('#step-count', /^4 of/);
    await v.focused('#step-on');
  });
}
