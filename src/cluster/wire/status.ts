/** ComposeDeploymentStatusInfo, which `GET /ComposeDeployments/{name}` answers. */
import * as v from 'valibot';
import type { DeploymentStatus } from '../../upgrade/model.ts';
import { enumeration, isObject, text } from './schema.ts';

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
