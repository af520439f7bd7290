// axe.mjs: what axe-core finds wrong with a page, against WCAG 2.2 AA.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

// One line a rule that is broken, with the elements that break it.
export async function violations(page) {
    await page.evaluate(AXE);
    return page.evaluate(async (tags) => {
        const found = await axe.run(document, { runOnly: { type: 'tag', values: tags } });
        return found.violations.map(({ id: rule, nodes }) =>
            `${rule}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
    }, WCAG);
}
