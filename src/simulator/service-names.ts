/** The names that the runtime derives from a service of a compose file (`DockerComposeUtils.cs`). */

/** Returns the name of the service's manifest, and of its service package. */
export function getManifestName(service: string): string {
  return `${service}Pkg`;
}

/** Returns the name of the code package that runs the service's container. */
export function getCodePackageName(service: string): string {
  return `${service}.Code`;
}

/** Returns the name of the service's type. */
export function getServiceTypeName(service: string): string {
  return `${service}Type`;
}
