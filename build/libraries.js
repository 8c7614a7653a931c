/** Tells of the libraries whose code is in the build: their licences, as these ask for, and the bill of materials. */
import { execSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export function libraries() {
  return {
    name: 'libraries',
    generateBundle(_, bundle) {
      const found = librariesIn(bundle);
      this.emitFile({ type: 'asset', fileName: 'THIRD-PARTY-NOTICES.txt', source: notices(found) });
      this.emitFile({ type: 'asset', fileName: 'sbom.spdx.json', source: bill(found) });
    },
  };
}

/** @returns of each its place in the lockfile, as `node_modules/axios`, and what it says of itself */
function librariesIn(bundle) {
  const files = Object.values(bundle).flatMap(({ moduleIds = [] }) => moduleIds);
  const folders = files.flatMap((file) => /^.*node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(file) ?? []);
  return [...new Set(folders)].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const texts = readdirSync(folder).filter((file) => /^(?:licen[sc]e|notice|copying)/i.test(file));
    if (texts.length === 0) throw new Error(`${name} comes without the text of its licence.`);
    return {
      place: relative(process.cwd(), folder).replaceAll('\\', '/'),
      title: `${name} ${version} (${license})`,
      licence: texts.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join('\n\n'),
    };
  });
}

const introduction =
  'sfcompose holds code of these libraries, unchanged but for parts that are left out. Their sources are in the npm registry.';

function notices(found) {
  const parts = found.map(({ title, licence }) => `${title}\n\n${licence}`);
  return `${[introduction, ...parts].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/** Of what npm says of all that is in the lockfile, that which is in the build. */
function bill(found) {
  const all = JSON.parse(execSync('npm sbom --sbom-format=spdx --package-lock-only', { encoding: 'utf8' }));
  const [own] = all.documentDescribes;
  const places = found.map(({ place }) => place);
  const packages = all.packages.filter(
    ({ SPDXID, packageFileName }) => SPDXID === own || places.includes(packageFileName),
  );
  const contained = packages.map(({ SPDXID }) => SPDXID).filter((id) => id !== own);
  if (contained.length !== places.length)
    throw new Error('Not all that is in the build is in package-lock.json.');
  const relationships = [
    { spdxElementId: all.SPDXID, relatedSpdxElement: own, relationshipType: 'DESCRIBES' },
    ...contained.map((id) => ({
      spdxElementId: own,
      relatedSpdxElement: id,
      relationshipType: 'CONTAINS',
    })),
  ];
  return `${JSON.stringify({ ...all, packages, relationships }, undefined, 2)}\n`;
}
