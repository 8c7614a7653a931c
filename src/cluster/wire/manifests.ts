/** Parses manifests: `{"Manifest": "<xml…>"}`. Loaded only by commands that need them, because of the XML parser. */
import { DOMParser, type Document, type Element, onErrorStopParsing } from '@xmldom/xmldom';
import * as v from 'valibot';
import type { ApplicationManifest } from '../../upgrade/model.ts';
import { requiredName } from './schema.ts';

/** Largest manifest, in characters. The runtime's own limit for a reply is about 4 MiB. */
const maxManifestLength = 2 ** 22;

const manifestSchema = v.object({ Manifest: v.pipe(v.string(), v.maxLength(maxManifestLength)) });

/** Parses the manifest of an application; `undefined` for any other document. */
export function parseApplicationManifest(value: unknown): ApplicationManifest | undefined {
  const manifest = parseManifest(value, 'ApplicationManifest');
  if (manifest === undefined) return undefined;
  const defaultServices = findAll(manifest, 'DefaultServices').flatMap((parent) =>
    findAll(parent, 'Service'),
  );
  const services = defaultServices.map((service) => {
    const type = findAll(service, 'StatelessService')[0]?.getAttribute('ServiceTypeName') ?? '';
    // Names that the image builder gives (`DockerComposeUtils.cs`): type `webType`, service manifest `webPkg`.
    return { name: service.getAttribute('Name') ?? '', manifest: type.replace(/Type$/, 'Pkg') };
  });
  const isValid = services.every(
    ({ name, manifest }) => name !== '' && v.is(requiredName, name) && v.is(requiredName, manifest),
  );
  if (!isValid) return undefined;
  return { services, hasCredentials: findAll(manifest, 'RepositoryCredentials').length > 0 };
}

/** Parses the manifest of a service; `undefined` for any other document. */
export function parseServiceManifest(value: unknown): { readonly image: string | undefined } | undefined {
  const manifest = parseManifest(value, 'ServiceManifest');
  if (manifest === undefined) return undefined;
  const image = findAll(manifest, 'ImageName')[0]?.textContent?.trim();
  return { image: image && v.is(requiredName, image) ? image : undefined };
}

/** Returns the root element, if its name is the expected one. */
function parseManifest(value: unknown, root: string): Element | undefined {
  const result = v.safeParse(manifestSchema, value);
  // Manifests have no document type, in which entities would be declared.
  if (!result.success || /<!(?:DOCTYPE|ENTITY)/i.test(result.output.Manifest)) return undefined;
  try {
    const document: Document = new DOMParser({ onError: onErrorStopParsing }).parseFromString(
      result.output.Manifest.replace(/^\ufeff/, ''),
      'text/xml',
    );
    const element = document.documentElement;
    return element?.localName === root ? element : undefined;
  } catch {
    return undefined;
  }
}

function findAll(parent: Element, name: string): readonly Element[] {
  return Array.from(parent.getElementsByTagNameNS('*', name));
}
