// What the page is for readers who asked their system for something: no motion, colours of their own, or paper.

import assert from 'node:assert/strict';
import { test } from 'node:test';

export default function media_tests(here) {
  const on_page = (name, options, body) => test(name, () => here.visit(name, options, body));
  const valley = () => here.id_of('kolm valley', 'Kolm Valley inquiry found');
  const style = (v, selector, ...names) => v.page.locator(selector).first().evaluate((node, list) => list.map(name => getComputedStyle(node)[name]), names);
  const visible = (v, selectors) => v.page.evaluate(list => list.filter(selector => [...document.querySelectorAll(selector)].some(node => node.checkVisibility({ checkVisibilityCSS: true }) && node.getClientRects().length)), selectors);

  on_page('nothing moves for who asked for less motion', {}, async v => {
    await v.page.route('**/api/v1/search*', () => {});  // never answered: the wait is what moves
    await v.go('?q=quintal');
    await v.shows('#wait', /./);
    const moving = () => v.page.evaluate(() => document.getAnimations().filter(one => one.playState === 'running').length);
    assert.ok(await moving() > 0, 'else this proves nothing');
    await v.page.emulateMedia({ reducedMotion: 'reduce' });
    assert.equal(await moving(), 0);
    const smooth = await v.page.evaluate(() => [...document.querySelectorAll('*')].filter(node => getComputedStyle(node).scrollBehavior === 'smooth').length);
    assert.equal(smooth, 0);
  });

  on_page('with forced colours, what colour alone would tell is told in the system\u2019s', {}, async v => {
    await v.page.emulateMedia({ forcedColors: 'active' });
    await v.go(`?q=varland&article=${await valley()}`);
    await v.shows('#sheet mark', /./);
    await v.press('n');
    const system = await v.page.evaluate(() => {
      const probe = document.body.appendChild(document.createElement('i'));
      probe.style.forcedColorAdjust = 'none';
      return Object.fromEntries(['Mark', 'MarkText', 'Highlight', 'HighlightText', 'CanvasText', 'LinkText', 'ButtonText'].map(name => {
        probe.style.color = name;
        return [name, getComputedStyle(probe).color];
      }));
    });
    assert.deepEqual(await style(v, '#sheet mark:not([aria-current])', 'backgroundColor', 'color'), [system.Mark, system.MarkText]);
    assert.deepEqual(await style(v, 'mark[aria-current]', 'backgroundColor', 'color'), [system.Highlight, system.HighlightText]);
    assert.deepEqual(await style(v, '.hit.is-open', 'outlineStyle', 'outlineColor'), ['solid', system.Highlight]);
    assert.deepEqual(await style(v, '#matches button[aria-current]', 'outlineStyle'), ['solid']);
    assert.deepEqual(await style(v, '#ruler i:not(.now)', 'backgroundColor'), [system.ButtonText]);
    assert.deepEqual(await style(v, '#ruler i.now', 'backgroundColor'), [system.Highlight]);
    assert.deepEqual(await style(v, '.timeline-bar', 'fill'), [system.CanvasText]);
    assert.deepEqual(await style(v, '.timeline-handle', 'fill'), [system.Highlight]);
    await v.page.fill('#q', '');
    await v.page.locator('#q').pressSequentially('var');
    await v.page.locator('[role=option]').first().waitFor({ state: 'visible' });
    await v.press('ArrowDown');
    assert.deepEqual(await style(v, '.suggestion[aria-selected=true]', 'backgroundColor'), [system.Highlight]);
  });

  on_page('an article on paper is the article, and nothing to press', { dark: true }, async v => {
    await v.go(`?q=varland&article=${await valley()}`);
    await v.shows('#sheet mark', /./);
    await v.shows('#related', /./);
    await v.page.click('#cite-as');
    await v.page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const gone = ['.head', '.search', '#results', '#rail', '.reader-bar', '#matches', '#ruler', '.pilcrow', '.tools', '.cite-as', '#related', '#foot', 'button', 'input', 'select'];
    assert.deepEqual(await visible(v, gone), []);
    assert.deepEqual(await visible(v, ['#sheet h1', '#sheet .body p', '.about']), ['#sheet h1', '#sheet .body p', '.about']);
    assert.deepEqual(await style(v, 'body', 'color', 'backgroundColor'), ['rgb(0, 0, 0)', 'rgb(255, 255, 255)'], 'black on white, whatever the screen has');
    assert.deepEqual(await style(v, '#sheet mark', 'textDecorationLine'), ['underline'], 'marks are seen without colour');
    // The whole text, not what fits into the pane of the screen.
    assert.deepEqual(await style(v, '#pane', 'overflowY'), ['visible']);
    assert.deepEqual(await style(v, '#reader', 'position'), ['static']);
    const reader = await v.page.locator('#reader').evaluate(node => node.getBoundingClientRect().height);
    assert.ok(reader >= await v.page.locator('#sheet').evaluate(node => node.getBoundingClientRect().height));
    // Paper of one page after the other, in the browser's own engine.
    assert.ok((await v.page.pdf()).length > 5000);
  });

  on_page('a list on paper is the hits, with what was searched for', {}, async v => {
    await v.go('?q=varland&lang=en');
    await v.shows('.hit', /./);
    await v.page.emulateMedia({ media: 'print' });
    assert.deepEqual(await visible(v, ['.search', '.head-tools', '#rail', '#chips', '#pages', '.sort', '.menu', '.timeline-tools', '.timeline-handle', 'button', 'input', 'select']), []);
    assert.deepEqual(await visible(v, ['#count', '.hit h2', '.hit mark', '.snippet']), ['#count', '.hit h2', '.hit mark', '.snippet']);
    assert.deepEqual(await style(v, '.hit', 'breakInside'), ['avoid']);
    assert.deepEqual(await style(v, '.head', 'position'), ['static']);
  });
}
