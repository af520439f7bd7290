// screenshots.mjs PAGE_SHOP_BINARY OUTDIR: the page in both languages and themes, as a phone and as a tablet.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openBrowser, Shop } from './shop.mjs';

const SIZES = { phone: { width: 390, height: 844, scale: 2 }, tablet: { width: 1180, height: 820, scale: 1 } };
const [binary, out] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
const shop = await Shop.start(binary);
const browser = await openBrowser();

async function shoot(page, name) {
    await page.waitForTimeout(300); // fonts and the arrival of cards
    await page.screenshot({ path: join(out, `${name}.png`) });
}

for (let n = 0; n < 6; n++) await shop.deal(n, n === 2 ? 48_000 : undefined);
await shop.post(`/api/v1/offers/${id(4)}:accept`, { by: 'B7' });
await shop.post(`/api/v1/offers/${id(3)}:accept`, { by: 'A3' });

function id(n) { return (0xa15000 + n).toString(16).padStart(32, '0'); }

for (const [size, extent] of Object.entries(SIZES)) {
    for (const lang of ['zh-CN', 'en']) {
        for (const theme of ['light', 'dark']) {
            const page = await browser.device({ lang, theme, ...extent });
            const name = `${size}-${lang}-${theme}`;
            await page.goto(shop.url);
            await page.waitForSelector('[data-offer]');
            await shoot(page, `${name}-offers`);
            await page.locator('#open [data-step=decline]').first().click();
            await shoot(page, `${name}-skip`);
            if (size === 'phone') await page.click('#tab-checkin');
            await page.fill('#member', '13800138000');
            await page.click('.ask button');
            await page.waitForSelector('#visit');
            await shoot(page, `${name}-checkin`);
            await page.click('#settings-button');
            await shoot(page, `${name}-settings`);
            await page.keyboard.press('Escape');
            await page.click('#tab-campaigns');
            await page.waitForSelector('[data-campaign=c-snacks]');
            await shoot(page, `${name}-campaigns`);
            await page.click('#tab-floor');
            await page.waitForSelector('[data-door=main]');
            await shoot(page, `${name}-counting`);
            await page.click('#edit-scene');
            await page.locator('[data-handle="line-0-0"]').focus();
            await shoot(page, `${name}-scene`);
            await page.click('#scene-back');
            await page.locator('[data-door=side] [data-step=measure]').click();
            await page.click('[data-tap=in]');
            await shoot(page, `${name}-tapping`);
            await page.click('#tap-cancel');
            await page.context().close();
        }
    }
}
const fresh = await browser.device({ who: '', scale: 2 });
await fresh.goto(shop.url);
await fresh.waitForSelector('#who');
await shoot(fresh, 'phone-first-visit');
await shop.kill();
await fresh.waitForSelector('#lost');
await fresh.waitForTimeout(1500);
await shoot(fresh, 'phone-lost');
await browser.close();
