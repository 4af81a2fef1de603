import type { Listed, QuickAction } from './types';

/** The practice's own links (chart, laboratory, prescriptions), with the ids of this visit filled in. */
export function quickActions(actions: readonly QuickAction[], visit: Pick<Listed, 'visitId' | 'patientId' | 'clinicianId'>): { label: string; url: string }[] {
  const ids: Readonly<Record<string, string>> = { visitId: visit.visitId, patientId: visit.patientId, clinicianId: visit.clinicianId };
  const fill = (template: string) => template.replace(/\{(\w+)\}/g, (whole, name: string) => (ids[name] === undefined ? whole : encodeURIComponent(ids[name])));
  const links = actions.map(({ label, urlTemplate }) => ({ label, url: fill(urlTemplate) }));
  // The settings take https alone; a link is what runs with one click, so it is looked at again.
  return links.filter(({ url }) => url.startsWith('https://'));
}
