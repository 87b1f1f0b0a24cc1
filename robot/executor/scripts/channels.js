// Tells of connections that are no requests, and that the browser's network log does not hold: WebRTC, WebTransport.
// Runs in each document before any script of the page. They do what they did before; the fence stops them.
(() => {
  const tell = console.error.bind(console), MARK = 'offboard.channel';
  const wrap = (name, kind, where) => {
    const native = window[name];
    if (typeof native !== 'function') return;
    window[name] = new Proxy(native, {
      construct: (target, given, made) => {
        let places = '';
        try { places = where(given).join(' '); } catch { places = ''; }
        tell(`${MARK} ${kind} ${places}`.trim());
        return Reflect.construct(target, given, made);
      },
    });
  };
  const servers = ([settings]) => [...(settings?.iceServers || [])].flatMap((server) => server.urls);
  wrap('RTCPeerConnection', 'WebRTC', servers);
  if ('webkitRTCPeerConnection' in window) window.webkitRTCPeerConnection = window.RTCPeerConnection;
  wrap('WebTransport', 'WebTransport', ([url]) => [String(url)]);
})();
