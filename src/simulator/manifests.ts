/** Writes the manifests that the image builder makes from a compose file (`ContainerApplicationPkgGenerator.cs`). */
import type { ApplicationPackage, RegistryCredentials } from './application-package.ts';
import type { ComposeService } from './compose-file.ts';
import { getCodePackageName, getManifestName, getServiceTypeName } from './service-names.ts';

type Attributes = Readonly<Record<string, string | undefined>>;

const namespace = { xmlns: 'http://schemas.microsoft.com/2011/01/fabric' };

/** Writes the `ApplicationManifest` of a version. */
export function writeApplicationManifest(
  type: string,
  { version, services, credentials }: ApplicationPackage,
): string {
  return writeDocument(
    'ApplicationManifest',
    { ApplicationTypeName: type, ApplicationTypeVersion: version },
    [
      ...services.map((service) => writeImport(service, version, credentials)),
      writeElement('DefaultServices', {}, services.map(writeDefaultService)),
    ],
  );
}

/** Writes the `ServiceManifest` of a service. */
export function writeServiceManifest({ name, image }: ComposeService, version: string): string {
  const type = { ServiceTypeName: getServiceTypeName(name), UseImplicitHost: 'true' };
  return writeDocument('ServiceManifest', { Name: getManifestName(name), Version: version }, [
    writeElement('ServiceTypes', {}, [writeElement('StatelessServiceType', type)]),
    writeElement('CodePackage', { Name: getCodePackageName(name), Version: version }, [
      writeElement('EntryPoint', {}, [
        writeElement('ContainerHost', {}, [writeElement('ImageName', {}, [escapeXml(image)])]),
      ]),
    ]),
  ]);
}

function writeImport(
  { name, environment }: ComposeService,
  version: string,
  credentials: RegistryCredentials | undefined,
): string {
  const manifest = { ServiceManifestName: getManifestName(name), ServiceManifestVersion: version };
  const codePackage = { CodePackageRef: getCodePackageName(name) };
  const variables = environment.map(([Name, Value]) => writeElement('EnvironmentVariable', { Name, Value }));
  return writeElement('ServiceManifestImport', {}, [
    writeElement('ServiceManifestRef', manifest),
    ...(variables.length > 0 ? [writeElement('EnvironmentOverrides', codePackage, variables)] : []),
    writeElement('Policies', {}, [
      writeElement('ServicePackageResourceGovernancePolicy', {}),
      writeElement('ContainerHostPolicies', codePackage, credentials ? [writeCredentials(credentials)] : []),
    ]),
  ]);
}

function writeCredentials({ user, password, isEncrypted }: RegistryCredentials): string {
  return writeElement('RepositoryCredentials', {
    AccountName: user,
    Password: password,
    PasswordEncrypted: isEncrypted ? 'true' : undefined,
  });
}

function writeDefaultService({ name, replicas }: ComposeService): string {
  return writeElement('Service', { Name: name, ServicePackageActivationMode: 'ExclusiveProcess' }, [
    writeElement('StatelessService', { ServiceTypeName: getServiceTypeName(name), InstanceCount: replicas }, [
      writeElement('SingletonPartition', {}),
    ]),
  ]);
}

function writeDocument(name: string, attributes: Attributes, children: readonly string[]): string {
  const root = writeElement(name, { ...attributes, ...namespace }, children);
  return `<?xml version="1.0" encoding="utf-8"?>${root}`;
}

/** Writes an element. @param children XML */
function writeElement(name: string, attributes: Attributes, children: readonly string[] = []): string {
  const pairs = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${escapeXml(value)}"`],
  );
  const content = children.join('');
  return content === '' ? `<${name}${pairs.join('')} />` : `<${name}${pairs.join('')}>${content}</${name}>`;
}

/** Escapes text; drops characters that XML cannot contain. */
function escapeXml(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 excludes them
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replace(/[&<>"\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`)
  );
}
