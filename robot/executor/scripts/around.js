// What stands beside the words that say that a list is empty. `found`: the visible elements that say so, or none.
(found) => {
  TEXT
  const watch = window[Symbol.for('offboard.watch')];
  const folded = text => text.replace(/\s+/g, ' ').trim();
  const said = found[0];
  if (!said) return {beside: 0, busy: '', watch: watch ? watch.state(null) : null};
  const above = node => node.assignedSlot || node.parentElement || (node.getRootNode() || {}).host || null;
  const holds = (outer, inner) => { for (let one = inner; one; one = above(one)) if (one === outer) return true; return false; };
  const is_shown = node => {
    const box = node.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && node.checkVisibility({visibilityProperty: true});
  };
  const NATIVE = 'tbody > tr, table > tr, [role="row"], [role="listitem"], [role="option"], li';
  const NO_ROWS = 'nav, menu, thead, [role="menu"], [role="tablist"], [role="navigation"], [role="toolbar"]';
  const is_row = node => {
    if (node.closest(NO_ROWS) || holds(node, said) || !is_shown(node)) return false;
    if (node.localName === 'tr' && !node.querySelector('td')) return false;
    if (node.querySelector('[role="columnheader"]')) return false;
    return /[^\d\s.,‹›«»<>…-]/.test(folded(textOf(node)));
  };
  const NO_ROW_TAGS = /^(button|a|label|option|th|h[1-6]|nav|header|footer|input|select|style|script|svg|p|span|small|br|hr)$/;
  const shape = node => `${node.localName}.${[...node.classList].sort().join('.')}`;
  const HEADINGS = 'h1, h2, h3, h4, h5, h6, [role="heading"]';
  const EDGES = /^(body|html|main|dialog|form|table)$/;
  let beside = 0, branch = said;
  for (let step = 0; step < 4 && branch && branch !== document.body; step++) {
    const level = above(branch);
    if (!level || level === document.body) break;
    const groups = new Map();
    for (const child of level.children) {
      if (child === branch || NO_ROW_TAGS.test(child.localName) || child.closest(NO_ROWS) || /^(tab|columnheader|alert|status)$/.test(child.getAttribute('role') || '')) continue;
      // A part of the page with a heading of its own is another list.
      if (child.querySelector(HEADINGS) || child.matches(HEADINGS)) continue;
      beside += [...child.querySelectorAll(NATIVE)].filter(is_row).length + (child.matches(NATIVE) && is_row(child) ? 1 : 0);
      if (shape(child) === shape(branch) && branch !== said) continue;
      if (child.querySelector('input, select, textarea') && !folded(textOf(child))) continue;
      if (!is_shown(child) || !folded(textOf(child)) || child.matches(NATIVE)) continue;
      groups.set(shape(child), (groups.get(shape(child)) || 0) + 1);
    }
    // Without a class, two that are alike may be anything.
    for (const [form, number] of groups) if (number >= (form.endsWith('.') ? 3 : 2)) beside += number;
    if (beside || EDGES.test(level.localName) || level.querySelectorAll(HEADINGS).length > 1) break;
    branch = level;
  }
  let busy = '';
  for (let one = said; one && !busy; one = above(one)) if (one.getAttribute('aria-busy') === 'true') busy = 'aria-busy';
  let region = said;
  for (let step = 0; step < 4 && above(region) && region !== document.body; step++) region = above(region);
  return {beside, busy, watch: watch ? watch.state(region) : null};
}
