// Notes what is shown for a moment only. `asked`: {token, is_new_document, watched: [{name, ways: [way]}]}, where a way is
// {css, text, match, attribute, has_text, has_not_text, in: [way] or null}. A document that is asked for the first time
// under a token begins to watch: what it shows then is of before, unless the document itself came later. Gives
// {name: [text]}: what has come since, gone or not, once each. Looks once in each frame in which something changed: what
// was not painted was not shown.
(asked) => {
  TEXT
  const KEY = Symbol.for('offboard.transient');
  const MOST = 5;
  const folded = text => (text || '').replace(/\s+/g, ' ').trim();
  const is_shown = node => {
    const box = node.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && node.checkVisibility({visibilityProperty: true});
  };
  const says = node => folded(textOf(node)) || folded(node.getAttribute('aria-label'));

  const compare = (said, way) => {
    if (way.match === 'regex') return new RegExp(way.text).test(said);
    if (way.match === 'contains') return said.toLowerCase().includes(folded(way.text).toLowerCase());
    return said === folded(way.text);
  };
  const is_match = (node, way) => {
    if (way.css && !node.matches(way.css)) return false;
    if (way.text !== null) {
      const said = way.attribute ? folded(node.getAttribute(way.attribute)) : folded(node.getAttribute('aria-label')) || says(node);
      if (!compare(said, way)) return false;
    }
    const holds = text => folded(node.textContent).toLowerCase().includes(folded(text).toLowerCase());
    if (way.has_text !== null && !holds(way.has_text)) return false;
    if (way.has_not_text !== null && holds(way.has_not_text)) return false;
    if (!way.in) return true;
    for (let one = node.parentElement; one; one = one.parentElement) if (way.in.some(outer => is_match(one, outer))) return true;
    return false;
  };
  const shown = way => {
    const matched = [...document.querySelectorAll(way.css || '*')].filter(node => is_match(node, way) && is_shown(node) && says(node));
    // A text stands in all that is around it too.
    return way.css ? matched : matched.filter(node => !matched.some(other => other !== node && node.contains(other)));
  };

  let watch = window[KEY];
  if (!watch || watch.token !== asked.token) {
    if (watch) watch.end();
    const old = new WeakSet(), found = Object.fromEntries(asked.watched.map(one => [one.name, []])), noted = new WeakSet();
    const ways = asked.watched.flatMap(one => one.ways.map(way => [one.name, way]));
    const look = () => {
      for (const [name, way] of ways) for (const node of shown(way)) {
        if (old.has(node) || noted.has(node) || found[name].length >= MOST) continue;
        noted.add(node);
        found[name].push(says(node));
      }
    };
    if (!asked.is_new_document) for (const [, way] of ways) for (const node of shown(way)) old.add(node);
    let is_due = false, has_ended = false;
    const observer = new MutationObserver(() => {
      if (is_due || has_ended) return;
      is_due = true;
      requestAnimationFrame(() => { is_due = false; if (!has_ended) look(); });
    });
    observer.observe(document, {childList: true, subtree: true, characterData: true, attributes: true,
      attributeFilter: ['class', 'style', 'hidden', 'open', 'role', 'aria-label']});
    watch = {token: asked.token, found, look, end: () => { has_ended = true; observer.disconnect(); }};
    Object.defineProperty(window, KEY, {value: watch, enumerable: false, configurable: true});
    if (asked.is_new_document) look();
  }
  if (!asked.watched.length) watch.end();
  return watch.found;
}
