// Unsent messages on this device: in IndexedDB, each sealed under a key that no script can read out. No DOM.
const NAME = "schoolchat-outbox";
const ENTRIES = "entries"; // {ref, person, at, iv, sealed}
const KEYS = "keys"; // person → CryptoKey
const BOTH = [ENTRIES, KEYS];

const text = (value) => new TextEncoder().encode(value);

function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function finished(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

function database() {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore(ENTRIES, { keyPath: "ref" });
    opening.result.createObjectStore(KEYS);
  };
  return asked(opening);
}

/** Whether this browser can keep anything safely here: not over plain HTTP, and not in every private window. */
export function canKeep() {
  return Boolean(globalThis.isSecureContext && globalThis.crypto?.subtle && globalThis.indexedDB
    && globalThis.navigator?.locks && globalThis.BroadcastChannel);
}

/** The person's shelf, with everybody else's taken down; null where nothing can be kept. */
export async function openShelf(person) {
  if (!canKeep()) return null;
  try {
    const base = await database();
    await evictOthers(base, person);
    return new Shelf(base, person, await keyOf(base, person));
  } catch (error) {
    if (error instanceof DOMException) return null; // a private window, or a disk that is full
    throw error;
  }
}

/** Nobody is signed in any more: nothing of anybody stays, and no key. */
export async function clearShelves() {
  if (!canKeep()) return;
  const base = await database();
  const change = base.transaction(BOTH, "readwrite");
  for (const name of BOTH) change.objectStore(name).clear();
  await finished(change);
  base.close();
}

/** How many messages stand on the shelves of this browser. */
export async function countKept() {
  if (!canKeep()) return 0;
  const base = await database();
  const count = await asked(base.transaction(ENTRIES).objectStore(ENTRIES).count());
  base.close();
  return count;
}

async function evictOthers(base, person) {
  const change = base.transaction(BOTH, "readwrite");
  evict(change, (owner) => owner !== person);
  await finished(change);
}

/** Takes down what belongs to those whom `whose` names. */
function evict(change, whose) {
  const keys = change.objectStore(KEYS);
  const entries = change.objectStore(ENTRIES);
  keys.getAllKeys().onsuccess = ({ target }) => target.result.filter(whose).forEach((owner) => keys.delete(owner));
  entries.getAll().onsuccess = ({ target }) => {
    for (const { ref, person } of target.result) if (whose(person)) entries.delete(ref);
  };
}

async function keyOf(base, person) {
  const known = await asked(base.transaction(KEYS).objectStore(KEYS).get(person));
  if (known) return known;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const change = base.transaction(KEYS, "readwrite");
  const keys = change.objectStore(KEYS);
  const first = asked(keys.get(person)); // another tab may have been quicker
  first.then((one) => { if (!one) keys.put(made, person); });
  await finished(change);
  return (await first) ?? made;
}

export class Shelf {
  constructor(base, person, key) {
    Object.assign(this, { base, person, key });
    base.onversionchange = () => base.close();
  }

  /** Binds what is sealed to its place: nobody can give it another person, ref or age. */
  terms(iv, ref, at) {
    return { name: "AES-GCM", iv, additionalData: text(`${this.person}|${ref}|${at}`) };
  }

  /** @param {{ref: string, at: number}} entry `at` in milliseconds of the server's time; all else is sealed */
  async put({ ref, at, ...words }) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await crypto.subtle.encrypt(this.terms(iv, ref, at), this.key, text(JSON.stringify(words)));
    await this.change((entries) => entries.put({ ref, person: this.person, at, iv, sealed }));
  }

  async get(ref) {
    const record = await asked(this.read().get(ref));
    return record?.person === this.person ? this.open(record) : null;
  }

  /** What can be opened, the oldest first; what cannot is taken down, for no key will ever come. */
  async all() {
    const records = await asked(this.read().getAll());
    const opened = await Promise.all(records.filter(({ person }) => person === this.person).map((record) => this.open(record)));
    return opened.filter(Boolean).sort((a, b) => a.at - b.at);
  }

  async has(ref) { return (await asked(this.read().getKey(ref))) !== undefined; }

  async open({ ref, at, iv, sealed }) {
    try {
      const words = await crypto.subtle.decrypt(this.terms(iv, ref, at), this.key, sealed);
      return { ...JSON.parse(new TextDecoder().decode(words)), ref, at };
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      await this.delete(ref);
      return null;
    }
  }

  delete(ref) { return this.change((entries) => entries.delete(ref)); }

  read() { return this.base.transaction(ENTRIES).objectStore(ENTRIES); }

  async change(act) {
    const change = this.base.transaction(ENTRIES, "readwrite", { durability: "strict" });
    act(change.objectStore(ENTRIES));
    await finished(change);
  }

  /** The person's messages and key; what was sealed under it opens nowhere any more. */
  async wipe() {
    const change = this.base.transaction(BOTH, "readwrite");
    evict(change, (owner) => owner === this.person);
    await finished(change);
    this.base.close();
  }
}
