// Reads the rows of a list, and what on the page speaks for there being more of them. `rows`: the visible elements that
// the list's candidate matches. `asked`: {list, paged, fields: [{name, css, attribute, present, lines, required}]}.
(rows, asked) => {
  TEXT
  const folded = text => text.replace(/\s+/g, ' ').trim();
  const above = node => node.assignedSlot || node.parentElement || (node.getRootNode() || {}).host || null;
  const every = (root, css) => {
    const found = [...root.querySelectorAll(css)];
    const walk = node => {
      for (const child of node.children || []) {
        if (child.shadowRoot) { found.push(...child.shadowRoot.querySelectorAll(css)); walk(child.shadowRoot); }
        walk(child);
      }
    };
    if (root.shadowRoot) { found.push(...root.shadowRoot.querySelectorAll(css)); walk(root.shadowRoot); }
    walk(root);
    return [...new Set(found)];
  };
  const is_shown = node => { const box = node.getBoundingClientRect(); return box.width > 1 && box.height > 1; };

  // --- fields ---
  const HELD = 'input:not([type]), input[type=text], input[type=email], input[type=tel], input[type=url], input[type=number], textarea';
  const is_closed = node => node.localName.includes('-') && !node.shadowRoot && !node.childNodes.length && is_shown(node);
  const is_unreadable = node => [node, ...node.querySelectorAll('*')]
    .some(one => is_closed(one) || (one.localName === 'canvas' && is_shown(one)));
  const textIn = (node, lines) => {
    let text = textOf(node);
    if (!text) { const held = every(node, HELD); if (held.length === 1) text = held[0].value; }
    return lines ? text.split('\n').map(line => line.replace(/[^\S\n]+/g, ' ').trim()).join('\n').trim() : folded(text);
  };
  const read = row => {
    const fields = {}, unread = [];
    for (const spec of asked.fields) {
      const all = spec.css ? every(row, spec.css) : [row];
      if (spec.present) { fields[spec.name] = all.length ? 'yes' : ''; continue; }
      if (!all.length) {
        fields[spec.name] = '';
        if (spec.required || is_unreadable(row)) unread.push(spec.name);
        continue;
      }
      if (spec.attribute) { fields[spec.name] = all.map(one => one.getAttribute(spec.attribute) || '').join('\n'); continue; }
      fields[spec.name] = all.map(one => textIn(one, spec.lines)).join('\n');
      if (!fields[spec.name].trim() && all.some(is_unreadable)) unread.push(spec.name);
    }
    return {fields, unread};
  };

  // --- where they stand ---
  const root = document.scrollingElement || document.documentElement;
  const overflows = box => box.scrollHeight > box.clientHeight + 1;
  const scrolls = box => overflows(box) && /auto|scroll|overlay/.test(getComputedStyle(box).overflowY);
  const boxesOf = row => {
    const boxes = [];
    for (let one = above(row); one && one !== document.body && one !== document.documentElement; one = above(one))
      if (scrolls(one)) boxes.push(one);
    if (document.body && document.body !== root && scrolls(document.body)) boxes.push(document.body);
    if (overflows(root) && !/hidden|clip/.test(getComputedStyle(root).overflowY)) boxes.push(root);
    return boxes;
  };
  const boxes = rows.length ? boxesOf(rows[0]) : [];
  const watch = window[Symbol.for('offboard.watch')];
  const kept = watch && watch.boxes[asked.list] && watch.boxes[asked.list].deref();
  const holds = (outer, inner) => { for (let one = inner; one; one = above(one)) if (one === outer) return true; return false; };
  const box = kept && kept.isConnected && (kept === root || !rows.length || holds(kept, rows[0])) && (kept === root || scrolls(kept) || (watch.named.has(kept) && overflows(kept)))
    ? kept : boxes[0] || null;
  if (watch && box) watch.boxes[asked.list] = new WeakRef(box);
  const origin = box && box !== root ? box.getBoundingClientRect().top + box.clientTop - box.scrollTop : -root.scrollTop;
  const spans = rows.map(row => {
    const rect = row.getBoundingClientRect();
    return {top: rect.top - origin, bottom: rect.bottom - origin, left: rect.left, right: rect.right};
  });
  const indexOf = row => {
    for (const name of ['aria-rowindex', 'aria-posinset', 'data-index', 'data-row-index', 'data-item-index', 'row-index']) {
      const value = row.getAttribute(name);
      if (value !== null && /^\d+$/.test(value)) return `${name}=${value}`;
    }
    return '';
  };

  // --- bands in which rows are missing ---
  const heights = spans.map(span => span.bottom - span.top).sort((a, b) => a - b);
  const usual = heights.length ? heights[heights.length >> 1] : 0;
  const most_blank = Math.max(usual * 1.5, 48);
  const holds_row = node => rows.some(row => holds(node, row));
  const is_content = node => !holds_row(node) && (!box || holds(box, node))
    && (folded(node.textContent || '') || /^(img|svg|canvas|video|input|button|iframe|object)$/.test(node.localName));
  const is_blank = (from, to) => {
    const left = Math.min(...spans.map(span => span.left)), right = Math.max(...spans.map(span => span.right));
    for (const y of [from + 4, (from + to) / 2, to - 4]) for (const part of [0.15, 0.5, 0.85]) {
      const stack = document.elementsFromPoint(left + (right - left) * part, y + origin);
      if (stack.some(is_content)) return false;
    }
    return true;
  };
  const bands = () => {
    if (!rows.length || !box) return '';
    const start = box.scrollTop, end = start + box.clientHeight;
    const sorted = [...spans].sort((a, b) => a.top - b.top);
    let reached = null;
    for (const span of sorted) {
      if (reached !== null && span.top - reached > most_blank) {
        const from = Math.max(reached, start), to = Math.min(span.top, end);
        if (to - from > most_blank && is_blank(from, to)) return 'between its rows';
      }
      reached = Math.max(reached === null ? span.bottom : reached, span.bottom);
    }
    const first = sorted[0].top;
    if (start > 1 && first - start > most_blank && is_blank(start, Math.min(first, end))) return 'above its rows';
    const is_end = end >= box.scrollHeight - 1;
    const from = Math.max(reached, start);
    if (end - from <= most_blank) return '';
    if (!is_end) return is_blank(from, end) ? 'below its rows' : '';
    return is_blank(from, end) && (has_spacer(reached) || end - from > box.clientHeight / 2) ? 'below its rows' : '';
  };
  // Whether something has been given a height of its own for rows that are not drawn.
  const has_spacer = (reached) => {
    const sized = node => { const style = node.style; return style && (style.height || style.minHeight || style.paddingBottom || style.paddingTop); };
    const edge = node => node.getBoundingClientRect().bottom - origin;
    for (let one = above(rows[0]); one && one !== box; one = above(one)) {
      if (sized(one) && edge(one) - reached > most_blank) return true;
      for (const child of one.children) {
        const rect = child.getBoundingClientRect();
        if (rect.height > most_blank && rect.top - origin >= reached - 1 && !folded(child.textContent || '')) return true;
      }
    }
    if (box) for (const child of box.children) {
      const rect = child.getBoundingClientRect();
      if (rect.height > most_blank && rect.top - origin >= reached - 1 && !folded(child.textContent || '')) return true;
    }
    return false;
  };

  // --- what stands beside them ---
  let common = rows.length ? above(rows[0]) : null;
  while (common && !rows.every(row => holds(common, row))) common = above(common);
  const around = (is_outermost) => {
    let one = common;
    for (let step = 0; step < 3 && one && !is_outermost(one); step++) one = above(one);
    return one;
  };
  const {body, documentElement: top} = document;
  // What may change with them, and the nearest part of the page that is more than they are and not all of it.
  const region = around(one => one === body || !above(one) || above(one) === top);
  const near = around(one => one === body || !above(one) || above(one) === body);
  const alike = () => {
    if (!rows.length) return 0;
    const known = new Set(rows);
    const shape = row => `${row.localName}.${[...row.classList].sort().join('.')}`;
    const inside = row => `${row.localName}>${[...row.children].map(child => child.localName).join('+')}`;
    const shapes = new Set(rows.flatMap(row => row.children.length > 1 ? [shape(row), inside(row)] : [shape(row)]));
    const parents = new Set(rows.map(row => row.parentNode));
    let others = 0;
    for (const parent of parents) for (const child of (parent && parent.children) || []) {
      if (known.has(child) || !(shapes.has(shape(child)) || shapes.has(inside(child)))) continue;
      if (child.localName === 'tr' && !child.querySelector('td')) continue;
      if (is_shown(child) && child.checkVisibility({visibilityProperty: true}) && folded(textOf(child))) others += 1;
    }
    return others;
  };
  const busy = () => {
    for (let one = rows[0]; one; one = above(one)) if (one.getAttribute('aria-busy') === 'true') return 'aria-busy';
    if (!near) return '';
    const sign = near.querySelector('[aria-busy="true"], [role="progressbar"], progress:not([value])');
    return sign && is_shown(sign) && sign.checkVisibility({visibilityProperty: true}) ? 'a sign of loading' : '';
  };
  // What says that there are more rows than these: a control that loads or turns to more, a text such as "1 to 10 of 42".
  const MORE = /^(load|show|fetch) more( (rows|results|items|records|entries))?( \(?\d+\)?)?$|^more( results| rows| items)?( ?(…|\.\.\.))?$/i;
  const NEXT = /^(go to )?next( page)?( ?[›»→>])?$|^[›»→]$/i;
  const OF = /(?:^|\s)\d+\s*(?:to|[-–—])\s*\d+\s+of\s+(\d+)(?!\d)|page\s+\d+\s+of\s+(\d+)/i;
  const is_off = one => one.disabled || one.getAttribute('aria-disabled') === 'true' || /disabled/.test(one.className);
  const more = () => {
    if (!near) return '';
    const is_row = one => rows.some(row => row.contains(one));
    const is_seen = one => is_shown(one) && one.checkVisibility({visibilityProperty: true});
    for (const one of near.querySelectorAll('button, a[href], [role=button]')) {
      if (is_row(one) || is_off(one)) continue;
      const said = folded(textOf(one)) || one.getAttribute('aria-label') || one.title || '';
      if ((MORE.test(said) || (!asked.paged && NEXT.test(said))) && is_seen(one)) return said;
    }
    return '';
  };
  const says_more = () => {
    if (!near || asked.paged) return '';
    const is_row = one => rows.some(row => row.contains(one));
    for (const one of near.querySelectorAll('*')) {
      if (one.childElementCount > 4 || is_row(one) || one.querySelector('table') || (one.textContent || '').length > 60) continue;
      const said = folded(textOf(one)), match = OF.exec(said);
      if (match && is_shown(one) && one.checkVisibility({visibilityProperty: true}) && (match[1] ? Number(match[1]) > rows.length : Number(match[2]) > 1)) return said;
    }
    return '';
  };

  return {
    rows: rows.map((row, number) => ({...read(row), top: spans[number].top, left: spans[number].left, height: spans[number].bottom - spans[number].top, index: indexOf(row)})),
    box: box ? {top: box.scrollTop, view: box.clientHeight, height: box.scrollHeight} : null,
    outer: boxes.filter(one => one !== box && !(box && holds(box, one))).length,
    blank: bands(),
    alike: alike(),
    busy: busy(),
    more: more(),
    says_more: says_more(),
    watch: watch ? watch.state(region) : null,
  };
}
