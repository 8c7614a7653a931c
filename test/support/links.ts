/** Links and headings of Markdown pages. */

/** Removes code, in which brackets are no links and `#` begins no heading. */
function removeCode(page: string): string {
  return page
    .replace(/^(`{3,}).*\n[\s\S]*?^\1$/gm, '')
    .replace(/`[^`\n]+`/g, (code) => code.replace(/[[\]()]/g, ''));
}

/** Lists the targets of all links and pictures. */
export function listLinks(page: string): readonly string[] {
  const text = removeCode(page);
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g), ...text.matchAll(/(?:src|href)="([^"]+)"/g)];
  return targets.map(([, target = '']) => target);
}

/** Lists the anchors of all headings, as GitHub makes them. */
export function listAnchors(page: string): readonly string[] {
  const headings = [...removeCode(page).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => heading);
  const slugs = headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
  return slugs.map((slug, index) => {
    const before = slugs.slice(0, index).filter((other) => other === slug).length;
    return before > 0 ? `${slug}-${before}` : slug;
  });
}
