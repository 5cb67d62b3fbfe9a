// What can be done with the open article: its matches as a list, links to passages, its citation, what is like it and
// why it was found.

import assert from 'node:assert/strict';
import { test } from 'node:test';

const copied = v => v.page.evaluate(() => navigator.clipboard.readText());
const in_view = selector => {
  const box = document.querySelector(selector).getBoundingClientRect();
  const pane = document.getElementById('pane').getBoundingClientRect();
  return box.top >= Math.max(0, pane.top) && box.top < Math.min(innerHeight, pane.bottom);
};
/// The text that is highlighted as the passage of a link.
const highlighted = () => [...CSS.highlights.get('passage') ?? []].map(String).join('');

export default function passage_tests(here) {
  const on_page = (name, options, body) => test(name, () => here.visit(name, { clipboard: true, ...options }, body));
  const valley = () => here.id_of('kolm valley', 'Kolm Valley inquiry found');

  on_page('all matches stand in a list beside the text, each with its context, and lead to their places', { width: 1440 }, async v => {
    const id = await valley();
    await v.go(`?q=varland&article=${id}`);
    await v.shows('#matches-title', /All matches \(\d+\)/);
    const marks = await v.page.locator('#sheet mark').count();
    assert.equal(await v.page.locator('#matches-list li').count(), marks);
    assert.equal(await v.page.getAttribute('#matches', 'open'), '');
    for (const entry of await v.page.locator('#matches-list li').all()) {
      assert.match(await entry.locator('mark').textContent(), /varland/i);
      assert.ok((await entry.textContent()).length > 20);
    }
    const [list, text] = await Promise.all(['#matches', '#sheet .body'].map(s => v.page.locator(s).boundingBox()));
    assert.ok(list.x >= text.x + text.width, 'beside the text, not on it');
    await v.page.locator('#matches-list button').last().click();
    await v.shows('#step-count', `${marks} of ${marks}`);
    await v.until(in_view, 'mark[aria-current]');
    await v.shows('#live', `Match ${marks} of ${marks}`);
    assert.equal(await v.page.locator('#matches-list button[aria-current]').count(), 1);
    // The steps move along the list as well.
    await v.press('n');
    await v.until(() => document.querySelector('#matches-list li:first-child button').matches('[aria-current]'));
    assert.equal(await v.page.evaluate(() => document.getElementById('pane').scrollLeft), 0);
  });

  on_page('the list of matches is one stop for Tab, its arrow keys go along it and Enter goes there', { width: 1440 }, async v => {
    await v.go(`?q=varland&article=${await valley()}`);
    await v.shows('#matches-title', /All matches/);
    assert.equal(await v.page.locator('#matches-list button[tabindex="0"]').count(), 1);
    await v.page.locator('#matches-list button').first().focus();
    await v.press('ArrowDown', 'ArrowDown');
    await v.focused('#matches-list li:nth-child(3) button');
    await v.press('Enter');
    await v.shows('#step-count', /^3 of/);
    await v.focused('#matches-list li:nth-child(3) button');
    await v.press('End');
    await v.focused('#matches-list li:last-child button');
    await v.press('Home');
    await v.focused('#matches-list li:first-child button');
  });

  on_page('on a narrow screen the list of matches is closed above the text', { width: 390, height: 700 }, async v => {
    await v.go(`?q=varland&article=${await valley()}`);
    await v.shows('#matches-title', /All matches/);
    await v.hidden('#matches-list');
    await v.page.click('#matches-title');
    await v.page.locator('#matches-list button').nth(2).click();
    await v.shows('#step-count', /^3 of/);
    await v.until(in_view, 'mark[aria-current]');
  });

  on_page('every paragraph has an anchor, and its link is copied', {}, async v => {
    const id = await valley();
    await v.go(`?q=varland&article=${id}`);
    await v.shows('#sheet h1', /./);
    const count = await v.page.locator('#sheet .body p').count();
    assert.ok(count > 5);
    assert.deepEqual(await v.page.evaluate(() => [...document.querySelectorAll('.body p')].map(p => p.id)),
      [...Array(count).keys()].map(i => `p${i + 1}`));
    await v.page.hover('#p4');
    await v.page.click('#p4 .pilcrow');
    await v.shows('#copied', 'Link copied');
    await v.shows('#live', 'Link copied');
    assert.equal(await copied(v), `${v.origin}/?q=varland&article=${encodeURIComponent(id)}#p4`);
    assert.equal(new URL(v.page.url()).hash, '#p4');
    await v.shows('#p4.target', /./);
    // The anchor is the article's: with another article or none it is gone.
    await v.press('Escape');
    await v.hidden('#reader');
    assert.equal(new URL(v.page.url()).hash, '');
  });

  on_page('a link to a paragraph leads there, also when the article comes late', {}, async v => {
    const id = await valley();
    const count = (await here.ask(`articles/${encodeURIComponent(id)}`)).paragraphs.length;
    for (const width of [1280, 390]) {
      await v.page.setViewportSize({ width, height: 700 });
      await v.go(`?article=${id}#p${count}`);
      await v.shows(`#p${count}.target`, /./);
      await v.until(in_view, `#p${count}`);
      await v.focused(`#p${count}`);
    }
    // Another paragraph of the same article, as typed into the address.
    await v.page.evaluate(() => (location.hash = '#p2'));
    await v.until(() => document.querySelectorAll('.target').length === 1 && document.querySelector('.target').id === 'p2');
    await v.until(in_view, '#p2');
    await v.go(`?article=${id}#p99999`);
    await v.shows('#sheet h1', /./);
    assert.equal(await v.page.locator('.target').count(), 0);
  });

  on_page('words that are selected are named in the link, and highlighted where it leads', {}, async v => {
    const id = await valley();
    await v.go(`?article=${id}`);
    await v.shows('#sheet h1', /./);
    const words = await v.page.evaluate(() => {
      const text = document.querySelector('#p4').firstChild;
      const start = text.data.indexOf(' ') + 1;
      getSelection().setBaseAndExtent(text, start, text, text.data.indexOf(' ', start + 25));
      return String(getSelection());
    });
    await v.page.click('#copy-passage');
    await v.shows('#copied', 'Link copied');
    const link = await copied(v);
    assert.equal(link, `${v.origin}/?article=${encodeURIComponent(id)}#p4:~:text=${encodeURIComponent(words).replaceAll('-', '%2D')}`);
    await v.page.goto('about:blank');
    await v.page.goto(link);
    await v.shows('#p4.target', /./);
    assert.equal(await v.page.evaluate(highlighted), words);
    await v.until(in_view, '#p4');
  });

  on_page('what has a meaning in a text directive is written so that it has none', {}, async v => {
    await v.go(`?article=${await valley()}`);
    await v.shows('#sheet h1', /./);
    const made = await v.page.evaluate(async () => (await import('./passage.js')).text_directive('ill-treatment, food & rest'));
    assert.equal(made, 'text=ill%2Dtreatment%2C%20food%20%26%20rest');
  });

  on_page('a link to one of many alike leads to that one', {}, async v => {
    await v.go(`?article=${await valley()}`);
    await v.shows('#sheet h1', /./);
    const found = await v.page.evaluate(async () => {
      const { directive_at, find_directive } = await import('./passage.js');
      const texts = ['one word, two words, one word, three words and one word. '.repeat(3), '一つの言葉と二つの言葉と一つの言葉', 'word word\nword', 'a-word, no-word, a word'];
      return texts.flatMap(text => [...text.matchAll(/word|言葉/g)].map(({ index, 0: word }) => {
        const directive = directive_at(` ${word} `, index - 1, text);
        return [directive, index, find_directive(directive, text)?.[0]];
      }));
    });
    assert.ok(found.length > 15);
    for (const [directive, wanted, got] of found) assert.equal(got, wanted, directive);
    assert.ok(found.some(([directive]) => !directive.includes('-,')), 'the first needs nothing before it');
  });

  on_page('the link to a match that is not the first of its paragraph leads to it', {}, async v => {
    const id = await valley();
    await v.go(`?q=the&article=${id}`);
    await v.shows('#step-count', /\d+ matches/);
    // The last of a paragraph that has several.
    const at = await v.page.evaluate(() => {
      const marks = [...document.querySelectorAll('#sheet mark')];
      return marks.findIndex((mark, i) => i > 1 && mark.closest('p') && [1, 2].every(n => marks[i - n].closest('p') === mark.closest('p')));
    });
    assert.ok(at > 1);
    for (let i = 0; i <= at; ++i) await v.press('n');
    await v.page.click('#copy-passage');
    await v.shows('#copied', 'Link copied');
    const link = await copied(v);
    await v.page.goto('about:blank');
    await v.page.goto(link);
    await v.shows('.target', /./);
    assert.equal(await v.page.evaluate(i => {
      const [range] = CSS.highlights.get('passage');
      const mark = document.querySelectorAll('#sheet mark')[i];
      return mark.contains(range.startContainer) && String(range) === mark.textContent;
    }, at), true);
  });

  on_page('a long selection over paragraphs is named by its ends', {}, async v => {
    const id = await valley();
    await v.go(`?article=${id}`);
    await v.shows('#sheet h1', /./);
    const words = await v.page.evaluate(() => {
      const [first, last] = ['#p2', '#p4'].map(selector => document.querySelector(selector).firstChild);
      getSelection().setBaseAndExtent(first, 0, last, last.data.lastIndexOf(' '));
      return String(getSelection()).replace(/\s+/g, ' ');
    });
    await v.page.click('#copy-passage');
    await v.shows('#copied', 'Link copied');
    const link = await copied(v);
    assert.match(link, /#p2:~:text=[^,]+,[^,]+$/);
    await v.page.goto('about:blank');
    await v.page.goto(link);
    await v.shows('#p2.target', /./);
    assert.equal((await v.page.evaluate(highlighted)).replace(/\s+/g, ''), words.replace(/\s+/g, ''));
  });

  on_page('without a selection the link is to the current match, or to what is at the top', {}, async v => {
    const id = await valley();
    await v.go(`?q=varland&article=${id}`);
    await v.shows('#step-count', /matches/);
    await v.page.click('#copy-passage');
    await v.shows('#copied', 'Link copied');
    assert.match(await copied(v), /#p1$/);
    await v.press('n', 'n');
    const paragraph = await v.page.evaluate(() => document.querySelector('mark[aria-current]').closest('p').id);
    await v.page.click('#copy-passage');
    await v.copied(text => text.endsWith(`#${paragraph}:~:text=Varland`));
  });

  on_page('where copying is not allowed, the text is shown to be copied by hand', {}, async v => {
    await v.page.addInitScript(() => {
      Object.defineProperty(navigator, 'clipboard', { value: undefined });
      document.execCommand = () => false;
    });
    const id = await valley();
    await v.go(`?article=${id}`);
    await v.page.click('#copy-passage');
    await v.shows('#copied', 'did not allow copying');
    assert.match(await v.page.inputValue('#copied textarea'), /#p1$/);
    await v.focused('#copied textarea');
    await v.page.click('#copied button');
    await v.hidden('#copied');
  });

  on_page('the citation has what is known, and no more', {}, async v => {
    const id = await here.id_of('quivara brigades', 'Search brigades');
    await v.go(`?q=tooth&article=${id}`);
    await v.page.click('#cite');
    await v.shows('#copied', 'Citation copied');
    const today = new Date().getUTCFullYear();
    assert.match(await copied(v), new RegExp('^Inés Ñuflo de Alarcia[^“]*\\. “Search brigades return to the dunes of Puerto Ñandú”\\. [^,]+, 13 June 2019\\. ' +
      `https://courier\\.example\\.org/2019/06/search-brigades \\(accessed \\d+ \\w+ ${today}\\)$`));
    const bare = await here.id_of('harsk investigator', 'A thaw in trade');
    await v.go(`?article=${bare}`);
    await v.page.click('#cite');
    const cited = await v.copied(text => text.includes('“A thaw in trade'));
    assert.doesNotMatch(cited, /undefined|null|NaN|accessed|\.\.|, ,|^\s|\s$|\s\s/);
  });

  on_page('articles like the open one follow it, and open in its place', {}, async v => {
    const id = await valley();
    const { hits } = await here.ask(`articles/${encodeURIComponent(id)}/related?limit=5`);
    assert.ok(hits.length > 0);
    await v.go(`?q=varland&article=${id}`);
    await v.shows('#related', 'Related articles');
    const titles = hits.map(hit => hit.title.map(run => run.text).join(''));
    assert.deepEqual(await v.texts('#related li > a'), titles);
    await v.page.locator('#related a').first().click();
    await v.until_address({ q: 'varland', article: hits[0].id });
    await v.shows('#sheet h1', titles[0]);
    await v.page.goBack();
    await v.until_address({ q: 'varland', article: id });
  });

  on_page('an article is read without what is like it', { expected: [/503/] }, async v => {
    await v.page.route('**/related*', route => route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{}' }));
    await v.go(`?article=${await valley()}`);
    await v.shows('#sheet h1', /./);
    await v.hidden('#related');
  });

  on_page('why an article was found is said in numbers', {}, async v => {
    const id = await valley();
    const why = await here.ask(`articles/${encodeURIComponent(id)}/why?q=${encodeURIComponent('varland inquiry -tourism')}`);
    await v.go(`?q=${encodeURIComponent('varland inquiry -tourism')}&article=${id}`);
    await v.page.click('#why');
    await v.shows('.why', 'It has all that the search asks for.');
    assert.equal(await v.page.getAttribute('#why', 'aria-expanded'), 'true');
    const rows = v.page.locator('.why tbody tr');
    for (const [i, part] of why.parts.entries()) {
      const cells = await rows.nth(i).locator('th, td').allTextContents();
      assert.equal(cells[0], part.excluded ? `${part.text} (excluded)` : part.text);
      assert.deepEqual(cells.slice(1, 3).map(Number), [part.in_title, part.in_text]);
    }
    await v.page.click('#why');
    await v.hidden('.why');
    await v.go(`?article=${id}`);
    await v.shows('#cite', /./);
    assert.equal(await v.page.locator('#why').count(), 0);
  });
}
