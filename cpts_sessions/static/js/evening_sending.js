// What waits on the device leaves in order, again and again until the server has answered for each change. A change
// keeps its key however often it is sent: the server applies it once.

const AT_A_TIME = 50; // the server takes up to 200
const PATIENCE = 20_000; // milliseconds
const LOOK_EVERY = 15_000; // at what other devices noted
const LONGEST_WAIT = 60_000;

export class Sending {
  #store;
  #device;
  #tell;
  #timer = 0;
  #running = null;
  #again = false;
  #failures = 0;
  #isLate = false; // what leaves had waited for the network
  #withRefused = true; // they are tried again when the page opens and when the network returns

  /**
   * tell(news): {sending: n} while n changes travel, {offline: true}, {state, answers} when the server answered,
   * {over, unsent} when the link opens nothing any more.
   */
  constructor(store, device, tell) {
    this.#store = store;
    this.#device = device;
    this.#tell = tell;
    for (const event of ["online", "pageshow"]) addEventListener(event, () => this.soon(true));
    document.addEventListener("visibilitychange", () => document.hidden || this.soon());
  }

  /** Send now, or once more when what is on its way has arrived. */
  soon(withRefused = false) {
    this.#failures = 0;
    this.#withRefused ||= withRefused;
    return this.#start();
  }

  stop() {
    this.#tell = null;
  }

  #start() {
    this.#again = true;
    return (this.#running ??= this.#run().finally(() => (this.#running = null)));
  }

  async #run() {
    clearTimeout(this.#timer);
    while (this.#again && this.#tell) {
      this.#again = false;
      const turn = () => this.#turn();
      await (navigator.locks ? navigator.locks.request(location.pathname, turn) : turn()); // one tab at a time
    }
    const wait = this.#failures ? Math.min(1000 * 2 ** this.#failures, LONGEST_WAIT) : LOOK_EVERY;
    this.#timer = setTimeout(() => this.#tell && this.#start(), wait);
  }

  async #turn() {
    const kept = await this.#store.changes();
    const fresh = kept.filter((change) => !change.refusal).length;
    const part = kept.filter((change) => this.#withRefused || !change.refusal).slice(0, AT_A_TIME);
    if (!part.length && document.hidden) return;
    if (fresh) this.#tell({sending: fresh});
    const answer = part.length ? await this.#post(part) : await this.#ask("etat");
    if (!answer) {
      this.#failures += 1;
      this.#isLate = true;
      return this.#tell?.({offline: true});
    }
    this.#failures = 0;
    if (answer.over) return this.#tell?.(answer);
    const {answers = [], ...state} = answer;
    await this.#store.settle(answers);
    await this.#store.set("state", state);
    this.#isLate = this.#withRefused = false;
    this.#again ||= part.length === AT_A_TIME;
    await this.#tell?.({state, answers});
  }

  #post(part) {
    const changes = part.map(({order, label, words, refusal, ...change}) => ({...change, waited: this.#isLate}));
    return this.#ask("changements", {
      method: "POST",
      body: JSON.stringify({device: this.#device, now: Date.now(), changes}),
      headers: {"Content-Type": "application/json"},
    });
  }

  /** What the server answers, or null without it: no network, a server that rests, somebody else's page. */
  async #ask(path, options) {
    try {
      const signal = AbortSignal.timeout(PATIENCE);
      const answer = await fetch(path, {...options, cache: "no-store", credentials: "omit", signal});
      const read = await answer.json();
      return read.over || (answer.ok && read.now) ? read : null;
    } catch {
      return null;
    }
  }
}
