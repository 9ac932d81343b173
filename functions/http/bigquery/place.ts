import type { Refusal } from '../../core/errors.ts';
import type { Ports } from '../../ports/index.ts';

/** Why a job cannot run in this project, or undefined. */
export async function otherProject(ports: Ports, project: string): Promise<Refusal | undefined> {
  const known = await ports.warehouse.projects();
  if (known.includes(project)) return undefined;
  return {
    code: 'not_found',
    message: `Not found: Project ${project.slice(0, 100)}. This gateway serves ${known.join(', ')}.`,
  };
}

/** Why a job cannot run (or be) in this location, or undefined. Data stays where the warehouse is. */
export function otherLocation(ports: Ports, location: string | undefined): Refusal | undefined {
  const { location: here } = ports.warehouse;
  if (location === undefined || location === '' || location.toLowerCase() === here.toLowerCase())
    return undefined;
  return {
    code: 'invalid',
    message: `Invalid location ${JSON.stringify(location.slice(0, 60))}: this gateway serves data in ${here}. Send ${here}, or leave it out.`,
    location: 'location',
  };
}
