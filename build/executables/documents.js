/** Creates what comes beside the executables: licence texts, bills of materials and checksums. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nameBill } from '../libraries.js';
import { integrities, nodeVersion } from './targets.js';

/**
 * Creates the text with the licences of sfcompose, its libraries and Node.js.
 * @param {string} nodeLicence
 */
export function createNotices(nodeLicence) {
  const parts = [
    readFileSync('LICENSE', 'utf8'),
    readFileSync('dist/THIRD-PARTY-NOTICES.txt', 'utf8'),
    `The executables contain Node.js ${nodeVersion}.\n\n${nodeLicence}`,
  ];
  return parts.map((part) => `${part.trim()}\n`).join(`\n${'='.repeat(80)}\n\n`);
}

/**
 * Creates the bill of materials of an executable, in SPDX 2.3: that of the package, and Node.js.
 * @param {string} target
 */
export function createBill(target) {
  const { documentNamespace, ...bill } = JSON.parse(readFileSync('dist/sbom.spdx.json', 'utf8'));
  const name = `node-${target}`;
  const checksum = Buffer.from(integrities[target]?.replace('sha512-', '') ?? '', 'base64').toString('hex');
  const node = {
    name: 'Node.js',
    SPDXID: `SPDXRef-Package-Node.js-${nodeVersion}`,
    versionInfo: nodeVersion,
    downloadLocation: `https://registry.npmjs.org/${name}/-/${name}-${nodeVersion}.tgz`,
    filesAnalyzed: false,
    homepage: 'https://nodejs.org/',
    licenseDeclared: 'MIT',
    checksums: [{ algorithm: 'SHA512', checksumValue: checksum }],
    externalRefs: [
      {
        referenceCategory: 'PACKAGE-MANAGER',
        referenceType: 'purl',
        referenceLocator: `pkg:npm/${name}@${nodeVersion}`,
      },
      // Scanners find vulnerabilities of Node.js by this name.
      {
        referenceCategory: 'SECURITY',
        referenceType: 'cpe23Type',
        referenceLocator: `cpe:2.3:a:nodejs:node.js:${nodeVersion}:*:*:*:*:*:*:*`,
      },
    ],
  };
  const [own] = bill.documentDescribes;
  return nameBill({
    ...bill,
    name: `${bill.name}-${target}`,
    packages: [...bill.packages, node],
    relationships: [
      ...bill.relationships,
      { spdxElementId: own, relatedSpdxElement: node.SPDXID, relationshipType: 'CONTAINS' },
    ],
  });
}

/**
 * Creates the checksums of all files in a folder, in the format of `sha256sum`.
 * @param {string} folder
 */
export function createChecksums(folder) {
  return readdirSync(folder)
    .sort()
    .map(
      (file) =>
        `${createHash('sha256')
          .update(readFileSync(join(folder, file)))
          .digest('hex')}  ${file}\n`,
    )
    .join('');
}
