/** Parses the status of a deployment, and pages of the list of all deployments. */
import * as v from 'valibot';
import { sliceElements } from '../../platform/json-tokens.ts';
import { composeDeploymentStatuses } from '../../upgrade/enums.ts';
import type { Deployment, DeploymentStatus } from '../../upgrade/model.ts';
import type { Json } from './json-body.ts';
import { enumeration, identifier, isObject, optionalName, requiredName, text } from './schema.ts';

/** One page of the list. */
export interface DeploymentPage {
  readonly deployments: readonly Deployment[];
  /** Token that requests the next page; `undefined` on the last page. */
  readonly token: string | undefined;
}

const pageSchema = v.object({
  Items: v.array(v.unknown()),
  // A token of another type makes the page invalid: the list must not seem to end here.
  ContinuationToken: v.nullish(requiredName),
});

const deploymentSchema = v.object({
  DeploymentName: optionalName,
  // Name of the status in the published model.
  Name: optionalName,
  ApplicationName: optionalName,
});

/** Parses a page; `undefined` for any other document. Skips elements without a name. */
export function parseDeployments({ text, value }: Json): DeploymentPage | undefined {
  if (!isObject(value)) return undefined;
  const page = v.safeParse(pageSchema, value);
  if (!page.success) return undefined;
  const { Items, ContinuationToken } = page.output;
  const documents = sliceElements(text, 'Items');
  const deployments = Items.flatMap((item, index): readonly Deployment[] => {
    if (!isObject(item)) return [];
    const { DeploymentName, Name, ApplicationName } = v.parse(deploymentSchema, item);
    const name = DeploymentName ?? Name;
    if (name === undefined) return [];
    const { status, details } = parseStatus(item) ?? { status: undefined, details: undefined };
    return [{ name, application: ApplicationName, status, details, document: documents[index] ?? '' }];
  });
  return { deployments, token: ContinuationToken || undefined };
}

/** Parses the deployment's name from its status; `undefined` if the document has none. */
export function parseDeploymentName(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const { DeploymentName, Name } = v.parse(v.object({ DeploymentName: identifier, Name: identifier }), value);
  return DeploymentName ?? Name;
}

const statusSchema = v.object({
  ComposeDeploymentStatus: enumeration(composeDeploymentStatuses),
  // Name of the status in the published model.
  Status: enumeration(composeDeploymentStatuses),
  StatusDetails: text,
  ApplicationName: optionalName,
});

/** Parses the status of a deployment; `undefined` if the document has none. */
export function parseStatus(value: unknown): DeploymentStatus | undefined {
  if (!isObject(value)) return undefined;
  const { ComposeDeploymentStatus, Status, StatusDetails, ApplicationName } = v.parse(statusSchema, value);
  const status = ComposeDeploymentStatus ?? Status;
  return status && { status, details: StatusDetails, application: ApplicationName };
}
