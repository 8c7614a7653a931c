/** The subject of a read or watch: a deployment on a cluster. Pure. */

/** A deployment on a cluster. */
export interface Target {
  readonly deployment: string;
  /** Name under which the user has stored the cluster; `undefined` if it has none. */
  readonly cluster: string | undefined;
  /** `http://host:19080`, with the base path. */
  readonly endpoint: string;
  /** Whether the command is about several clusters, so that every line must name the cluster. */
  readonly isAmongClusters: boolean;
}

/** Names a target: `web`, or `web on eu` among several clusters. No two targets of a command have the same name. */
export function nameTarget({ deployment, cluster, isAmongClusters }: Target): string {
  return nameDeployment(deployment, isAmongClusters ? cluster : undefined);
}

/** Names a deployment. @param cluster among several; otherwise `undefined` */
export function nameDeployment(deployment: string, cluster: string | undefined): string {
  return cluster === undefined ? deployment : `${deployment} on ${cluster}`;
}
