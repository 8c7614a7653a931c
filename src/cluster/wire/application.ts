/** Parses documents about an application: its type, its manifests, its health. */
import type { Document, Element } from '@xmldom/xmldom';
import * as v from 'valibot';
import { type HealthState, healthStates } from '../../upgrade/enums.ts';
import type { ApplicationManifest, ApplicationType } from '../../upgrade/model.ts';
import { enumeration, isObject, requiredName } from './schema.ts';

const typeSchema = v.object({ TypeName: requiredName, TypeVersion: requiredName });

/** Parses the type of an application; `undefined` for any other document. */
export function parseApplicationType(value: unknown): ApplicationType | undefined {
  const result = v.safeParse(typeSchema, value);
  return result.success ? { name: result.output.TypeName, version: result.output.TypeVersion } : undefined;
}

const healthSchema = v.object({ AggregatedHealthState: enumeration(healthStates) });

/** Parses the health of an application; `undefined` for any other document. */
export function parseHealthState(value: unknown): HealthState | undefined {
  return isObject(value) ? v.parse(healthSchema, value).AggregatedHealthState : undefined;
}

/** Largest manifest, in characters: far more than the runtime makes of the largest compose file. */
const maxManifestLength = 2 ** 24;

const manifestSchema = v.object({ Manifest: v.pipe(v.string(), v.maxLength(maxManifestLength)) });

/**
 * Parses a manifest. The parser expands no entities of the document's own, and reads nothing else.
 * @returns `undefined` for a document without well-formed XML
 */
export async function parseXmlManifest(value: unknown): Promise<Document | undefined> {
  const result = v.safeParse(manifestSchema, value);
  if (!result.success || /<!DOCTYPE/i.test(result.output.Manifest)) return undefined;
  const { DOMParser, onErrorStopParsing } = await import('@xmldom/xmldom');
  try {
    const parser = new DOMParser({ onError: onErrorStopParsing });
    return parser.parseFromString(result.output.Manifest, 'text/xml');
  } catch {
    return undefined;
  }
}

/** Services that are read of a manifest. */
const maxServices = 3000;

/**
 * Reads an application's manifest. Its schema is `ServiceFabricServiceModel.xsd`. The manifest of a service is named
 * after the service's type: `webType` is in `webPkg` (`DockerComposeAppTypeNameVersionGenerator.cpp`).
 */
export function readApplicationManifest(document: Document): ApplicationManifest {
  const services = listElements(document, 'Service')
    .slice(0, maxServices)
    .flatMap((service) => {
      const name = service.getAttribute('Name') ?? '';
      const type = [...listElements(service, 'StatelessService'), ...listElements(service, 'StatefulService')]
        .map((element) => element.getAttribute('ServiceTypeName') ?? '')
        .find((text) => text !== '');
      return name === '' ? [] : [{ name, manifest: `${(type ?? name).replace(/Type$/, '')}Pkg` }];
    });
  return { services, hasCredentials: listElements(document, 'RepositoryCredentials').length > 0 };
}

/** Reads the image of the container in a service's manifest. */
export function readImageName(document: Document): string | undefined {
  const [image] = listElements(document, 'ImageName');
  return image?.textContent?.trim() || undefined;
}

function listElements(parent: Document | Element, name: string): readonly Element[] {
  return [...parent.getElementsByTagNameNS('*', name)];
}
