// campaigns_test.mjs, started by run.sh with PAGE_SHOP in the environment: campaigns and the reasons why not, in a browser.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { violations } from './axe.mjs';
import { openBrowser, Shop } from './shop.mjs';

const SOON_MS = 10_000; // a bound against hanging on a busy machine, not a promise

let shop;
let browser;
const complaints = [];

before(async () => {
    shop = await Shop.start(process.env.PAGE_SHOP);
    browser = await openBrowser();
});

after(async () => {
    await browser?.close();
    await shop?.end();
});

async function open(settings = {}) {
    const page = await browser.device(settings);
    page.setDefaultTimeout(SOON_MS);
    page.on('console', (message) => {
        if (message.type() === 'error' && !/status of 4\d\d|ERR_|WebSocket/.test(message.text())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(shop.url);
    await page.waitForSelector('.dot.on');
    return page;
}

async function openCampaigns(settings = {}) {
    const page = await open(settings);
    await page.click('#tab-campaigns');
    await page.waitForSelector('[data-campaign=c-snacks]');
    return page;
}

const close = (page) => page.context().close();
const id = (n) => (0xa15000 + n).toString(16).padStart(32, '0');

test('a campaign shows its budget, its groups and how many more are needed', async () => {
    const page = await openCampaigns({ lang: 'en' });
    const text = await page.locator('[data-campaign=c-snacks]').innerText();
    for (const word of ['Snacks: ¥10 off ¥99', '¥3,120 spent, ¥450 reserved, ¥430 left', 'Left alone', '¥81.10', '79 more', 'Runs'])
        assert.ok(text.includes(word), `${word} in ${text}`);
    const widths = await page.locator('[data-campaign=c-snacks] .budget rect').evaluateAll((bars) =>
        bars.map((bar) => Number(bar.getAttribute('width'))));
    assert.ok(Math.abs(widths[0] - 78) < 0.1 && Math.abs(widths[1] - 11.25) < 0.1, String(widths));
    await close(page);
});

test('figures of groups that are not as they should be are marked, and so is what stopped by itself', async () => {
    const page = await openCampaigns();
    assert.match(await page.locator('[data-campaign=c-tea]').innerText(), /请勿使用这些数字/);
    assert.match(await page.locator('[data-campaign=c-mug]').innerText(), /已自动停止：退货过多/);
    assert.equal(await page.locator('[data-campaign=c-mug] [data-step=stop]').count(), 0);
    await close(page);
});

test('the funnel of today is there, each step beside the one before', async () => {
    const page = await openCampaigns({ lang: 'en' });
    const steps = await page.locator('#funnel li').allInnerTexts();
    assert.equal(steps.length, 5);
    assert.match(steps[0], /Occasions\s+1,240/);
    assert.match(steps[4], /Redeemed\s+94\s+55% of the step before/);
    await close(page);
});

test('a campaign is stopped after one more question, and not by nobody', async () => {
    const page = await openCampaigns({ lang: 'en' });
    const card = page.locator('[data-campaign=c-snacks]');
    await card.locator('[data-step=stop]').click();
    await card.locator('.quiet').click();
    assert.equal(await card.locator('[data-step=stop]').count(), 1);
    await card.locator('[data-step=stop]').click();
    await card.locator('[data-step=stop-yes]').click();
    await card.getByText('Stopped in this shop').waitFor();
    assert.equal(await card.locator('[data-step=stop]').count(), 0);
    await close(page);
});

test('a card says politely why another offer was not made', async () => {
    await shop.deal(1);
    const page = await open({ lang: 'en' });
    const card = page.locator(`[data-offer="${id(1)}"]`);
    await card.locator('.whynot summary').click();
    await card.locator('.whynot').getByText('Snacks: ¥10 off ¥99').waitFor();
    const text = await card.locator('.whynot').innerText();
    for (const word of ['another offer goes first', 'it is paused at the moment']) assert.ok(text.includes(word), text);
    await close(page);
});

test('a check-in tells the last purchases and why not more', async () => {
    const page = await open({ lang: 'en' });
    await page.click('#tab-checkin');
    await page.fill('#member', '13800138000');
    await page.click('.ask button');
    await page.waitForSelector('#visit');
    const text = await page.locator('#visit').innerText();
    for (const word of ['Gold', 'At risk', 'Last purchases', '¥186.50, 4 items']) assert.ok(text.includes(word), `${word} in ${text}`);
    assert.equal(await page.locator('#visit > .whynot [data-reason=cooldown]').count(), 1);
    await close(page);
});

for (const lang of ['zh-CN', 'en']) {
    for (const theme of ['light', 'dark']) {
        test(`axe finds no WCAG 2.2 AA violation in the campaigns in ${lang}, ${theme}`, async () => {
            const page = await openCampaigns({ lang, theme, width: 1180, height: 820 });
            await page.waitForSelector('#funnel');
            assert.deepEqual(await violations(page), []);
            await page.setViewportSize({ width: 390, height: 844 });
            assert.deepEqual(await violations(page), []);
            const wide = await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
            assert.ok(wide, 'nothing runs out of the screen');
            await close(page);
        });
    }
}

test('no page complained to its console', () => assert.deepEqual(complaints, []));
