import { createHash } from 'node:crypto';
import { getDataset, listDatasets } from '../../pipeline/browse.ts';
import type { DatasetInfo } from '../../ports/index.ts';
import { type Answer, type Call, param, refuse, resource } from './call.ts';
import { withEtag } from './etag.ts';
import { paged } from './lists.ts';
import { otherProject } from './place.ts';

/** projects.list: https://cloud.google.com/bigquery/docs/reference/rest/v2/projects/list */
export async function listProjects(call: Call): Promise<Answer> {
  const names = [...(await call.ports.warehouse.projects())].sort();
  const page = await paged(call, ['projects'], names, (name) => name);
  if (!page.ok) return { kind: 'refused', refusal: page.refusal };
  const projects = page.items.map((name) => ({
    kind: 'bigquery#project',
    id: name,
    numericId: numericId(name),
    projectReference: { projectId: name },
    friendlyName: name,
  }));
  return resource(
    withEtag({ kind: 'bigquery#projectList', ...page.next, projects, totalItems: names.length }),
  );
}

/** A project's number, which the Python client cannot do without: twelve digits that always belong to the same name. */
const numericId = (name: string): string => {
  const hash = createHash('sha256').update(name).digest();
  return String(100_000_000_000n + (hash.readBigUInt64BE() % 900_000_000_000n));
};

/** datasets.list: https://cloud.google.com/bigquery/docs/reference/rest/v2/datasets/list */
export async function list(call: Call): Promise<Answer> {
  const project = param(call, 'projectId');
  if (call.query.text('filter') !== undefined) {
    return refuse('unsupported', 'Datasets have no labels here. Leave the filter out.', 'filter');
  }
  const unknown = await otherProject(call.ports, project);
  if (unknown !== undefined) return { kind: 'refused', refusal: unknown };
  const all = await listDatasets(call.ports, call.caller, project);
  const page = await paged(call, ['datasets', project], all, ({ dataset }) => dataset);
  if (!page.ok) return { kind: 'refused', refusal: page.refusal };
  const datasets = page.items.map(({ dataset, location }) => ({
    kind: 'bigquery#dataset',
    id: `${project}:${dataset}`,
    datasetReference: { projectId: project, datasetId: dataset },
    location,
    type: 'DEFAULT',
  }));
  return resource(
    withEtag({ kind: 'bigquery#datasetList', ...page.next, ...(datasets.length === 0 ? {} : { datasets }) }),
  );
}

/** datasets.get: https://cloud.google.com/bigquery/docs/reference/rest/v2/datasets/get */
export async function get(call: Call): Promise<Answer> {
  const found = await getDataset(call.ports, call.caller, param(call, 'projectId'), param(call, 'datasetId'));
  if (!found.ok) return { kind: 'refused', refusal: found.refusal };
  return resource(datasetResource(found.value, call.origin));
}

/** Who else may read a dataset is the policy's business: `access` stays empty. */
const datasetResource = (info: DatasetInfo, origin: string): object => ({
  kind: 'bigquery#dataset',
  etag: info.etag,
  id: `${info.project}:${info.dataset}`,
  selfLink: `${origin}/bigquery/v2/projects/${info.project}/datasets/${encodeURIComponent(info.dataset)}`,
  datasetReference: { projectId: info.project, datasetId: info.dataset },
  ...(info.description === undefined ? {} : { description: info.description }),
  access: [],
  creationTime: String(info.createdMs),
  lastModifiedTime: String(info.modifiedMs),
  location: info.location,
  type: 'DEFAULT',
});
