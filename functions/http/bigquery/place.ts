import type { Refusal } from '../../core/errors.ts';
import type { Ports } from '../../ports/index.ts';
import type { Checked } from '../request.ts';

/** Why a job cannot run in this project, or undefined. */
export async function otherProject(ports: Ports, project: string): Promise<Refusal | undefined> {
  const known = await ports.warehouse.projects();
  if (known.includes(project)) return undefined;
  return {
    code: 'not_found',
    message: `Not found: Project ${project.slice(0, 100)}. This gateway serves ${known.join(', ')}.`,
  };
}

/** The location that a job runs (or was run) in, without a name the first; data stays where the warehouse is. */
export function locationOf(ports: Ports, given: string | undefined): Checked<string> {
  const { locations } = ports.warehouse;
  if (given === undefined || given === '') return { ok: true, value: locations[0] };
  const found = locations.find((location) => location.toLowerCase() === given.toLowerCase());
  if (found !== undefined) return { ok: true, value: found };
  const here = locations.join(', ');
  return {
    ok: false,
    refusal: {
      code: 'invalid',
      message: `Invalid location ${JSON.stringify(given.slice(0, 60))}: this gateway serves data in ${here}. Send ${locations.length > 1 ? 'one of these' : here}, or leave it out.`,
      location: 'location',
    },
  };
}
