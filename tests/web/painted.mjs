// When the first result is painted, as the browser itself notes it (Element Timing): read by a test and by a benchmark.

/// Has every page that is opened from now on note when its lists are painted.
export function watch_paint(page) {
  return page.addInitScript(() => {
    window.painted = [];      // ms since the visit began, one for each list, when its first title was painted
    window.entered = 0;       // the same, when Enter was pressed last
    window.long_tasks = [];   // [begin, length] of what kept the page from painting for more than 50 ms
    let told = () => {};
    new PerformanceObserver(list => {
      for (const entry of list.getEntries()) window.painted.push(entry.renderTime || entry.loadTime);
      told();
    }).observe({ type: 'element', buffered: true });
    /// Resolves to when as many lists have been painted. (To ask again and again would cost what is measured.)
    window.when_painted = lists => new Promise(resolve => {
      told = () => window.painted.length >= lists && resolve(window.painted[lists - 1]);
      told();
    });
    new PerformanceObserver(list => {
      for (const { startTime, duration } of list.getEntries()) window.long_tasks.push([startTime, duration]);
    }).observe({ type: 'longtask', buffered: true });
    // Before anything is painted of what came in.
    new MutationObserver(() => {
      const title = document.querySelector('#hits > .hit h2');
      if (title && !title.hasAttribute('elementtiming')) title.setAttribute('elementtiming', 'first result');
    }).observe(document, { childList: true, subtree: true });
    addEventListener('keydown', event => event.key === 'Enter' && (window.entered = event.timeStamp), true);
  });
}

/// Waits until as many lists have been painted; ms since the visit began of the last.
export const painted = (page, lists = 1) => page.evaluate(n => window.when_painted(n), lists);
