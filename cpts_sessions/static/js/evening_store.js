// What the device keeps of one evening until everything is sent and the session is closed: the list as it was last
// read, and the changes that wait, in order. One database per evening, under the address of its page.

const DURABLE = {durability: "strict"}; // on the disk of the device when it is done

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = request.oncomplete = () => resolve(request.result);
    request.onerror = request.onabort = () => reject(request.error);
  });

export class Store {
  #db;
  #scope;
  isOpen = true;

  constructor(db, scope) {
    this.#db = db;
    this.#scope = scope;
    // another tab forgets everything: so does this one, and shows what the server says now
    db.onversionchange = () => {
      db.close();
      location.reload();
    };
  }

  /** Open what is kept for the page at this address. */
  static async open(scope) {
    const request = indexedDB.open(`evening ${scope}`, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("known");
      request.result.createObjectStore("changes", {keyPath: "order", autoIncrement: true});
    };
    return new Store(await done(request), scope);
  }

  get(key) {
    return done(this.#db.transaction("known").objectStore("known").get(key));
  }

  set(key, value) {
    return this.#write("known", (known) => known.put(value, key));
  }

  /** Keep changes, in this order. */
  add(changes) {
    return this.#write("changes", (store) => changes.forEach((change) => store.add(change)));
  }

  /** The changes that wait, in the order they were made; `refusal` when the server would not have them. */
  changes() {
    return done(this.#db.transaction("changes").objectStore("changes").getAll());
  }

  /** Forget the changes that were applied, and keep why the others were not. */
  async settle(answers) {
    const kept = await this.changes();
    await this.#write("changes", (store) => {
      for (const {key, refusal} of answers) {
        const change = kept.find((one) => one.key === key);
        if (change && refusal) store.put({...change, refusal});
        else if (change) store.delete(change.order);
      }
    });
  }

  /** Leave nothing on the device: the database, what the service worker kept, the service worker. */
  async wipe() {
    this.isOpen = false;
    this.#db.onversionchange = null;
    this.#db.close();
    await done(indexedDB.deleteDatabase(this.#db.name));
    for (const name of await caches.keys()) if (name.startsWith(`evening ${this.#scope} `)) await caches.delete(name);
    for (const worker of (await navigator.serviceWorker?.getRegistrations()) ?? []) {
      if (new URL(worker.scope).pathname === this.#scope) await worker.unregister();
    }
  }

  #write(name, write) {
    const transaction = this.#db.transaction(name, "readwrite", DURABLE);
    write(transaction.objectStore(name));
    return done(transaction);
  }
}
