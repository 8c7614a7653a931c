/** Tells of the libraries whose code is in the build: their licences, as these ask for, and the bill of materials. */
import { execSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { env } from 'node:process';

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
  const folderOf = (file) => /^.*node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(file)?.[0];
  const folders = new Set(files.map(folderOf).filter((folder) => folder !== undefined));
  return [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const texts = readdirSync(folder).filter((file) => /^(?:licen[sc]e|notice|copying)/i.test(file));
    if (texts.length === 0) throw new Error(`${name} comes without the text of its licence.`);
    const licence = texts.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join('\n\n');
    const sources = files.filter((file) => folderOf(file) === folder).sort();
    return {
      place: relative(process.cwd(), folder).replaceAll('\\', '/'),
      title: `${name} ${version} (${license})`,
      licence: [licence, ...noticesIn(sources, licence)].join('\n\n'),
    };
  });
}

/** @returns what the sources say of their copyright in comments, and the licence does not */
function noticesIn(sources, licence) {
  const comments = sources.flatMap((file) => commentsOf(readFileSync(file, 'utf8')));
  const notices = comments.flatMap((comment) => {
    const claims = comment
      .split('\n')
      .filter((line) => copyright.test(line) && !licence.includes(line.trim()));
    if (claims.length === 0) return [];
    // Of a comment that sets no terms, the rest describes the code.
    return /permi|licen[sc]e|redistribut/i.test(comment) ? [comment] : claims.map((claim) => claim.trim());
  });
  return [...new Set(notices)];
}

const copyright = /copyright (?:\(c\)|©|\d{4}|\w.*\d{4})/i;

/** @returns the text of each comment that begins a line; lines of `//` that follow one another are one */
function commentsOf(code) {
  const found =
    code.replaceAll('\r', '').match(/^[ \t]*(?:\/\*[\s\S]*?\*\/|\/\/.*(?:\n[ \t]*\/\/.*)*)/gm) ?? [];
  return found.map((comment) =>
    comment
      .replace(/^[ \t]*(?:\/\*+|\*+\/|\*|\/\/) ?/gm, '')
      .replace(/\*+\/$/, '')
      .trim(),
  );
}

const introduction =
  'sfcompose holds code of these libraries, unchanged but for parts that are left out. Their sources are in the npm registry.';

function notices(found) {
  const parts = found.map(({ title, licence }) => `${title}\n\n${licence}`);
  return `${[introduction, ...parts].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/** Reduces npm's bill of materials for the lockfile to the libraries in the build. The same build gives the same bill. */
function bill(found) {
  const { documentNamespace, ...all } = JSON.parse(
    execSync('npm sbom --sbom-format=spdx --package-lock-only', { encoding: 'utf8' }),
  );
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
  const created = new Date(Number(env.SOURCE_DATE_EPOCH ?? 0) * 1000).toISOString();
  const creationInfo = { ...all.creationInfo, created: created.replace('.000', '') };
  const document = { ...all, creationInfo, packages, relationships };
  const hash = createHash('sha256').update(JSON.stringify(document)).digest('hex');
  // npm ends it with a random UUID.
  const namespace = documentNamespace.replace(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/, hash);
  return `${JSON.stringify({ ...document, documentNamespace: namespace }, undefined, 2)}\n`;
}
