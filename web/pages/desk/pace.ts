/** How long it is between two looks at the visits of today: whoever comes is heard of within four seconds, the way to the API and back included. */
export const LOOK_EVERY_MS = 2500;
