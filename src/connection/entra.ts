/** Microsoft Entra ID, as a cluster speaks of it in `GET /$/GetAadMetadata` and sfctl in its settings. */
import { typed } from '../text.ts';

export interface Entra {
  /** The directory's id or domain. */
  readonly tenant: string;
  /** The id of the application that stands for the cluster, and that tokens must be for. */
  readonly cluster: string;
}

/** How to get a token for a cluster, and where to put it. */
export function tokenAdvice({ tenant, cluster }: Entra): readonly string[] {
  const command = `az account get-access-token --tenant ${typed(tenant)} --resource ${typed(cluster)} --query accessToken -o tsv`;
  return [
    `Get a token: ${command}`,
    'Give it in SFCOMPOSE_TOKEN or --token-file, or have that command run by --token-command.',
  ];
}
