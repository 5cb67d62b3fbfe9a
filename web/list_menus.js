// The menus beside the count: open one at a time, filled when one is opened by what is fetched then (menus.js).

import { styled } from './dom.js';

const menus = [...document.querySelectorAll('details.menu')];
let filler = null;

/// Fills the menus, if one is open. shown() answers what they are for, [answer, state], or null if there is nothing.
export async function fill_menus(shown) {
  if (!menus.some(menu => menu.open) || !shown()) return;
  try {
    [filler] = await Promise.all([filler ?? import('./menus.js'), styled('article.css')]);
  } catch {
    return close_menus();
  }
  if (shown()) filler.show_menus(...shown());
}

/// Closes what is open; false if nothing was. The focus goes back to what opened it.
export function close_menus() {
  const open = menus.filter(menu => menu.open);
  for (const menu of open) {
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    if (inside) menu.querySelector('summary').focus();
  }
  return open.length > 0;
}

/// Has fill called when a menu is opened.
export function bind_menus(fill) {
  for (const menu of menus) menu.addEventListener('toggle', fill);
  // One at a time, and none once the reader is elsewhere.
  for (const type of ['pointerdown', 'focusin']) {
    document.addEventListener(type, event => {
      const here = event.target.closest?.('details.menu');
      for (const menu of menus) if (menu !== here) menu.open = false;
    });
  }
}
