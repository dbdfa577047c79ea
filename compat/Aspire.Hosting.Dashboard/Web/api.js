async function read(response) {
  if (response.status === 401) {
    location.reload();
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? `The dashboard answered ${response.status}.`);
  return answer;
}

export const get = async (path) => read(await fetch(path));

export const command = async (resource, name) =>
  read(
    await fetch(`/api/resources/${encodeURIComponent(resource)}/${name}`, {
      method: "POST",
      headers: { "X-Dashboard-Request": "1" },
    }),
  );

/** A function that loads, and once more where it was called meanwhile: never two loads at a time, none left out. */
export function oneAtATime(load, fail) {
  let loading = false;
  let again = false;
  return async () => {
    if (loading) {
      again = true;
      return;
    }
    loading = true;
    try {
      do {
        again = false;
        await load();
      } while (again);
    } catch (error) {
      fail(error);
    } finally {
      loading = false;
    }
  };
}

/** The one stream of this page. A hidden tab gives its connection back. */
export class Stream {
  #source = null;
  #log = null;
  #listeners;

  constructor(listeners) {
    this.#listeners = listeners;
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#close() : this.#open()));
    this.#open();
  }

  /** Follows the log of a resource, or none. */
  follow(log) {
    if (this.#log === log) return;
    this.#log = log;
    this.#close();
    this.#open();
  }

  #close() {
    this.#source?.close();
    this.#source = null;
  }

  #open() {
    if (this.#source || document.hidden) return;
    const source = new EventSource(this.#log ? `/api/events?log=${encodeURIComponent(this.#log)}` : "/api/events");
    source.onopen = () => this.#listeners.open();
    source.onerror = () => {
      this.#listeners.lost();
      // A browser does not try again after an answer that is no stream, such as that of a new AppHost.
      if (source.readyState === EventSource.CLOSED && this.#source === source) {
        this.#source = null;
        setTimeout(() => this.#open(), 2000);
      }
    };
    for (const name of ["resources", "telemetry", "lines"]) {
      source.addEventListener(name, (event) => this.#source === source && this.#listeners[name](JSON.parse(event.data)));
    }
    this.#source = source;
  }
}
