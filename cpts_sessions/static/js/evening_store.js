// What the device keeps of one evening until everything is sent and the session is closed: the list as it was last
// read, and the changes that wait, in order. One database per evening, under the address of its page.

const name = (scope) => `evening ${scope}`;
const promised = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
const finished = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });

export class Store {
  #db;
  #scope;

  constructor(db, scope) {
    this.#db = db;
    this.#scope = scope;
  }

  /** Open what is kept for the page at this address. */
  static async open(scope) {
    const request = indexedDB.open(name(scope), 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("known");
      request.result.createObjectStore("changes", {keyPath: "order", autoIncrement: true});
    };
    const db = await promised(request);
    // another tab forgets everything: so does this one, and shows what the server says now
    db.onversionchange = () => {
      db.close();
      location.reload();
    };
    return new Store(db, scope);
  }

  async get(key) {
    return promised(this.#db.transaction("known").objectStore("known").get(key));
  }

  async set(key, value) {
    const transaction = this.#db.transaction("known", "readwrite", {durability: "strict"});
    transaction.objectStore("known").put(value, key);
    await finished(transaction);
  }

  /** Keep changes, in this order; they are on the disk of the device when this is done. */
  async add(changes) {
    const transaction = this.#db.transaction("changes", "readwrite", {durability: "strict"});
    for (const change of changes) transaction.objectStore("changes").add(change);
    await finished(transaction);
  }

  /** The changes that wait, in the order they were made; `refusal` when the server would not have them. */
  async changes() {
    return promised(this.#db.transaction("changes").objectStore("changes").getAll());
  }

  /** Forget the changes that were applied, and keep why the others were not. */
  async settle(answers) {
    const byKey = new Map(answers.map((answer) => [answer.key, answer]));
    const transaction = this.#db.transaction("changes", "readwrite", {durability: "strict"});
    const store = transaction.objectStore("changes");
    for (const change of await promised(store.getAll())) {
      const answer = byKey.get(change.key);
      if (answer?.refusal) store.put({...change, refusal: answer.refusal});
      else if (answer) store.delete(change.order);
    }
    await finished(transaction);
  }

  async remove(key) {
    await this.settle([{key}]);
  }

  /** Leave nothing on the device: the database, what the service worker kept, the service worker. */
  async wipe() {
    this.#db.onversionchange = null;
    this.#db.close();
    await Store.wipe(this.#scope);
  }

  static async wipe(scope) {
    await promised(indexedDB.deleteDatabase(name(scope)));
    const kept = (await caches?.keys?.()) ?? [];
    await Promise.all(kept.filter((one) => one.startsWith(`evening ${scope} `)).map((one) => caches.delete(one)));
    const workers = (await navigator.serviceWorker?.getRegistrations()) ?? [];
    await Promise.all(workers.filter((one) => new URL(one.scope).pathname === scope).map((one) => one.unregister()));
  }
}
