// Runs as a worker: timers of a page that is not in front are slowed down to one a minute, those of its workers are not.

/** Whoever comes is to be heard of within four seconds, the way to the API and back included. */
const EVERY_MS = 2500;

setInterval(() => postMessage(null), EVERY_MS);

export {};
