// The signed-in session: tokens in IndexedDB, a note of it in localStorage; both are needed to be signed in
// (facts 2). Tokens are renewed at the assets host.

const DATABASE = "firebaseLocalStorageDb";
const STORE = "firebaseLocalStorage";
const KEY = "firebase:authUser:woot-recruit-hub";
const NOTE = "woot-recruit-hub:user";

let session = null; // {userId, refreshToken, accessToken}

function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "fbase_key" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function inStore(mode, act) {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const request = act(database.transaction(STORE, mode).objectStore(STORE));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  } finally {
    database.close();
  }
}

export async function restoreSession() {
  const kept = await inStore("readonly", (store) => store.get(KEY));
  session = kept && localStorage.getItem(NOTE) === kept.value.userId ? kept.value : null;
  return session;
}

export async function keepSession(fresh) {
  session = fresh;
  localStorage.setItem(NOTE, fresh.userId);
  await inStore("readwrite", (store) => store.put({ fbase_key: KEY, value: fresh }));
}

export async function dropSession() {
  session = null;
  localStorage.removeItem(NOTE);
  await inStore("readwrite", (store) => store.delete(KEY));
}

export const isSignedIn = () => session !== null;
export const currentToken = () => session?.accessToken ?? null;

let renewal = null;

// Several calls that find the token too old share one renewal.
export function renewToken() {
  renewal ??= renewed().finally(() => (renewal = null));
  return renewal;
}

async function renewed() {
  if (!session) return null;
  const answer = await fetch(`${window.PRACTICE.assets}/v1/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ refreshToken: session.refreshToken }),
  });
  if (!answer.ok) return null;
  const { accessToken } = await answer.json();
  await keepSession({ ...session, accessToken });
  return accessToken;
}
