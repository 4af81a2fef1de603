import { LOOK_EVERY_MS } from './pace';

// Runs as a worker: timers of a page that is not in front are slowed down to one a minute, those of its workers are not.

setInterval(() => postMessage(null), LOOK_EVERY_MS);
