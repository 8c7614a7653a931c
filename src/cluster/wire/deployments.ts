/** One page of the list of all deployments, which `GET /ComposeDeployments` answers. */
import * as v from 'valibot';
import { sliceElements } from '../../platform/json-tokens.ts';
import type { Deployment, DeploymentStatus } from '../../upgrade/model.ts';
import type { Json } from './json-body.ts';
import { enumeration, identifier, isObject, name, requiredName, text } from './schema.ts';

export interface DeploymentPage {
  readonly deployments: readonly Deployment[];
  /** Gets the next page; `''` on the last one. */
  readonly token: string;
}

const pageSchema = v.object({
  Items: v.array(v.unknown()),
  // What is no token is no end either.
  ContinuationToken: v.nullish(requiredName, ''),
});

const deploymentSchema = v.object({
  DeploymentName: name,
  // The published model's name for it.
  Name: name,
  ApplicationName: name,
});

/** @returns `undefined` for JSON that is no page; what has no name is no deployment */
export function readDeployments({ text, value }: Json): DeploymentPage | undefined {
  if (!isObject(value)) return undefined;
  const page = v.safeParse(pageSchema, value);
  if (!page.success) return undefined;
  const { Items, ContinuationToken } = page.output;
  const documents = sliceElements(text, 'Items');
  const deployments = Items.flatMap((item, index) => {
    if (!isObject(item)) return [];
    const { DeploymentName, Name, ApplicationName } = v.parse(deploymentSchema, item);
    const deployment = {
      name: DeploymentName || Name,
      application: ApplicationName,
      ...(readStatus(item) ?? { status: '', details: '' }),
      document: documents[index] ?? '',
    };
    return deployment.name === '' ? [] : [deployment];
  });
  return { deployments, token: ContinuationToken };
}

/**
 * Reads which deployment a status is about.
 * @returns `''` if it does not say
 */
export function readDeploymentName(value: unknown): string {
  if (!isObject(value)) return '';
  const { DeploymentName, Name } = v.parse(v.object({ DeploymentName: identifier, Name: identifier }), value);
  return DeploymentName || Name;
}

const statuses = [
  'Invalid',
  'Provisioning',
  'Creating',
  'Ready',
  'Deleting',
  'Unprovisioning',
  'Failed',
  'Upgrading',
];

const statusSchema = v.object({
  ComposeDeploymentStatus: enumeration(statuses),
  // The published model's name for it.
  Status: enumeration(statuses),
  StatusDetails: text,
});

export function readStatus(value: unknown): DeploymentStatus | undefined {
  if (!isObject(value)) return undefined;
  const members = v.parse(statusSchema, value);
  const status = members.ComposeDeploymentStatus || members.Status;
  return status === '' ? undefined : { status, details: members.StatusDetails };
}
