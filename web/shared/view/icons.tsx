const PATHS = {
  microphone: 'M12 3a3 3 0 0 1 3 3v6a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3Zm-7 9a7 7 0 0 0 14 0M12 19v3',
  'microphone-off': 'M9 9v3a3 3 0 0 0 5 2M15 11V6a3 3 0 0 0-6-1M5 12a7 7 0 0 0 11 5.700M19 12c0 1-.2 2-.6 2.800M12 19v3M3 3l18 18',
  camera: 'M3 8a2 2 0 0 1 2-2h8a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2Zm12 3 6-4v10l-6-4',
  'camera-off': 'M9 6h4a2 2 0 0 1 2 2v4l6-5v10l-3-2M15 16a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2M3 3l18 18',
  flip: 'M4 12a8 8 0 0 1 14-5l2 2M20 4v5h-5M20 12a8 8 0 0 1-14 5l-2-2M4 20v-5h5',
  screen: 'M3 5h18v12H3ZM8 21h8M12 17v4M12 14V8m-3 3 3-3 3 3',
  captions: 'M3 6h18v12H3ZM7 11h3M13 11h4M7 14h5M15 14h2',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  leave: 'M3 15c0-6 18-6 18 0v2h-5v-3a12 12 0 0 0-8 0v3H3Z',
  phone: 'M6 3h4l2 5-3 2a11 11 0 0 0 5 5l2-3 5 2v4a2 2 0 0 1-2 2A17 17 0 0 1 4 5a2 2 0 0 1 2-2Z',
} as const;

/** A picture beside a word that says the same. */
export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  );
}
