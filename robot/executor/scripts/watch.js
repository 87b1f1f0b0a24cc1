// Notes what the page is about to do: requests that are open, timers that are due, channels on which it is told news,
// and when its elements changed last. Runs in each document before any script of the page. Calls nothing of the page's
// own, changes nothing that it can see: each function does what it did before.
(() => {
  const KEY = Symbol.for('offboard.watch');
  if (window[KEY]) return;
  const now = () => performance.now();

  //: A timer that is due later than this is no sign that the page is at work, in ms.
  const HORIZON_MS = 3500;
  //: What changes this soon after a timer or an answer is its effect, in ms.
  const EFFECT_MS = 120;
  //: A timer that has gone off so often, and changed nothing of a list, says nothing about it.
  const OFTEN = 2;
  const MOST_CHANGES = 500;

  const timers = new Map(), sites = new Map(), asked = new Map(), channels = new Set();
  let changes = [], answers = [], went_off = [], messages = [], href = location.href, gone_to_at = now();

  const siteOf = (delay) => {
    const lines = (new Error().stack || '').split('\n').slice(3, 9).join('|');
    const key = `${delay}@${lines}`;
    if (!sites.has(key)) sites.set(key, {fired: 0, times: []});
    return sites.get(key);
  };
  const fire = (site) => {
    site.fired += 1;
    site.times.push(now());
    if (site.times.length > 8) site.times.shift();
  };

  const wrap = (object, name, apply) => {
    const native = object[name];
    if (typeof native !== 'function') return;
    object[name] = new Proxy(native, {apply: (target, self, given) => apply(target, self, given)});
  };
  for (const [name, repeats] of [['setTimeout', false], ['setInterval', true]]) {
    wrap(window, name, (target, self, given) => {
      const [callback, delay, ...rest] = given;
      const wait = Math.max(0, Number(delay) || 0);
      const site = siteOf(wait);
      const entry = {due: now() + wait, delay: wait, repeats, site};
      const begin = () => {
        fire(site);
        if (repeats) entry.due = now() + wait;
        else {
          timers.delete(entry.id);
          went_off = [...went_off.slice(-99), now()];
        }
      };
      const run = typeof callback === 'function'
        ? function (...values) { begin(); return Reflect.apply(callback, this, values); }
        : callback;
      entry.id = Reflect.apply(target, self, given.length > 1 ? [run, delay, ...rest] : [run]);
      if (typeof callback === 'function') timers.set(entry.id, entry);
      return entry.id;
    });
  }
  for (const name of ['clearTimeout', 'clearInterval']) {
    wrap(window, name, (target, self, given) => {
      timers.delete(Number(given[0]));
      return Reflect.apply(target, self, given);
    });
  }

  const begin = (address) => {
    const token = {};
    let url = '';
    try { url = new URL(String(address), document.baseURI).href; } catch { url = String(address); }
    asked.set(token, url);
    return () => {
      if (!asked.delete(token)) return;
      answers.push(now());
      if (answers.length > 100) answers.shift();
    };
  };
  wrap(window, 'fetch', (target, self, given) => {
    const first = given[0];
    const end = begin(first instanceof Request ? first.url : first);
    const answer = Reflect.apply(target, self, given);
    answer.then(end, end);
    return answer;
  });
  const addresses = new WeakMap();
  wrap(XMLHttpRequest.prototype, 'open', (target, self, given) => {
    addresses.set(self, given[1]);
    return Reflect.apply(target, self, given);
  });
  wrap(XMLHttpRequest.prototype, 'send', (target, self, given) => {
    const end = begin(addresses.get(self) || '');
    self.addEventListener('loadend', end, {once: true});
    try { return Reflect.apply(target, self, given); } catch (error) { end(); throw error; }
  });
  for (const name of ['WebSocket', 'EventSource']) {
    const native = window[name];
    if (typeof native !== 'function') continue;
    window[name] = new Proxy(native, {
      construct(target, given, made) {
        const channel = Reflect.construct(target, given, made);
        channels.add(channel);
        channel.addEventListener('close', () => channels.delete(channel));
        channel.addEventListener('message', () => { messages = [...messages.slice(-99), now()]; });
        return channel;
      },
    });
  }

  const notices = (record) => {
    const came = [...record.addedNodes], went = [...record.removedNodes];
    // A text that takes another one's place is a clock as likely as anything; what is read twice tells.
    if ([...came, ...went].some(node => node.nodeType === 1)) return true;
    return came.some(node => node.nodeType === 3 && node.data.trim()) && !went.length;
  };
  const note = (records) => {
    const at = now();
    if (location.href !== href) { href = location.href; gone_to_at = at; }
    for (const record of records) {
      if (!notices(record)) continue;
      changes.push({at, target: new WeakRef(record.target),
        came: [...record.addedNodes].filter(node => node.nodeType === 1).slice(0, 50).map(node => new WeakRef(node))});
    }
    if (changes.length > MOST_CHANGES) changes = changes.slice(-MOST_CHANGES);
  };
  const observer = new MutationObserver(note);
  const observed = new WeakSet();
  const observe = (root) => {
    if (observed.has(root)) return;
    observed.add(root);
    observer.observe(root, {childList: true, subtree: true});
  };
  observe(document);
  wrap(Element.prototype, 'attachShadow', (target, self, given) => {
    const root = Reflect.apply(target, self, given);
    observe(root);
    return root;
  });

  const holds = (region, node) => {
    for (let one = node; one; one = one.parentNode || one.host) if (one === region) return true;
    return false;
  };
  const touches = (change, region) => {
    const target = change.target.deref();
    if (target && holds(region, target)) return true;
    return change.came.some(one => { const node = one.deref(); return node && holds(node, region); });
  };
  const follows = (at, times) => times.some(time => at >= time && at - time <= EFFECT_MS);

  // What the page is about to do to `region`, an element or null for the whole document. Times in ms.
  const state = (region) => {
    note(observer.takeRecords());
    region = region || document.documentElement;
    const here = changes.filter(change => touches(change, region));
    const has_effect = site => here.some(change => follows(change.at, site.times));
    const due = [...timers.values()]
      .filter(timer => timer.due - now() <= HORIZON_MS)
      .filter(timer => timer.site.fired < OFTEN || has_effect(timer.site))
      .map(timer => timer.due - now());
    // What no answer and no timer has brought was told; so may be what comes some time after a message.
    const told = here.filter(change => messages.some(time => change.at >= time && change.at - time <= HORIZON_MS)
      || (!follows(change.at, answers) && !follows(change.at, went_off)));
    const last = here.length ? here[here.length - 1].at : 0;
    const last_told = told.length ? told[told.length - 1].at : 0;
    return {
      asked: [...asked.values()],
      due_ms: due.length ? Math.max(0, Math.max(...due)) : null,
      still_ms: now() - last,
      untold_ms: now() - Math.max(last_told, gone_to_at),
      channels: [...channels].filter(one => one.readyState < 2).map(one => one.url),
      is_loading: document.readyState === 'loading',
    };
  };
  Object.defineProperty(window, KEY, {value: Object.freeze({state, boxes: {}, named: new WeakSet()}), enumerable: false});
})();
