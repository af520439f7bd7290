// page_test.mjs, started by run.sh with PAGE_SHOP in the environment: the staff page in a real browser.
import assert from 'node:assert/strict';
import { get } from 'node:http';
import { after, before, test } from 'node:test';
import { violations } from './axe.mjs';
import { openBrowser, Shop } from './shop.mjs';

const GZIP_BYTES_MAX = 60 * 1024;
const SOON_MS = 10_000; // a bound against hanging on a busy machine, not a promise

let shop;
let browser;
let dealt = 0;
const complaints = []; // what any page said to its console as an error

const id = (n) => (0xa15000 + n).toString(16).padStart(32, '0');
const cardIn = (page, section, n) => page.locator(`#${section} [data-offer="${id(n)}"]`);

// The kinds of cards repeat: 0 spend tiers, 1 percent off for a member, 2 a gift.
async function deal(kind = 0, wait_ms = undefined) {
    while (dealt % 3 !== kind) dealt++;
    const n = dealt++;
    await shop.deal(n, wait_ms);
    return n;
}

async function open(settings = {}) {
    const page = await browser.device(settings);
    page.setDefaultTimeout(SOON_MS);
    page.on('console', (message) => {
        const text = message.text();
        // A refused step and a shop that was killed are reported by the browser itself.
        if (message.type() === 'error' && !/status of 4\d\d|ERR_|WebSocket/.test(text)) complaints.push(text);
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(shop.url);
    await page.waitForSelector('.dot.on');
    return page;
}

const close = (...pages) => Promise.all(pages.map((page) => page.context().close()));

before(async () => {
    shop = await Shop.start(process.env.PAGE_SHOP);
    browser = await openBrowser();
});

after(async () => {
    await browser?.close();
    await shop?.end();
});

function fetchRaw(path) {
    return new Promise((resolve, reject) => {
        get(shop.url + path, { headers: { 'Accept-Encoding': 'gzip' } }, (response) => {
            const chunks = [];
            response.on('data', (chunk) => chunks.push(chunk));
            response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks) }));
        }).on('error', reject);
    });
}

test('the page is at most 60 KB gzipped and nothing of it comes from elsewhere', async () => {
    let bytes = 0;
    for (const path of ['/', '/app.js', '/app.css', '/icon.svg']) {
        const { headers, body } = await fetchRaw(path);
        assert.equal(headers['content-encoding'], 'gzip', path);
        assert.match(headers['content-security-policy'], /default-src 'self'/);
        assert.equal(headers['x-content-type-options'], 'nosniff');
        bytes += body.length;
    }
    assert.ok(bytes > 5_000 && bytes <= GZIP_BYTES_MAX, `${bytes} bytes`);

    const page = await browser.device();
    const hosts = new Set();
    page.on('request', (request) => hosts.add(new URL(request.url()).host));
    await page.goto(shop.url);
    await page.waitForSelector('.dot.on');
    assert.deepEqual([...hosts], [new URL(shop.url).host]);
    await close(page);
});

test('a card arrives by itself, with its place, reason, value and time', async () => {
    const page = await open();
    const n = await deal(0);
    const card = cardIn(page, 'open', n);
    await card.waitFor();
    const text = await card.innerText();
    for (const word of ['购物车 14 号', '零食满 99 减 10', '最高 ¥25', '停留 92 秒', '我来跟进'])
        assert.ok(text.includes(word), `${word} in ${text}`);
    assert.match(text, /\d:\d\d/);
    await close(page);
});

test('an earlier price is struck through, and what everybody can have stands beside a personal offer', async () => {
    for (const [lang, before, there, nothing] of [
        ['zh-CN', '此前售价 ¥129', '人人可享：零食满 99 减 10', '暂无人人可享的优惠'],
        ['en', 'Before ¥129', 'For everybody: Snacks: ¥10 off ¥99', 'No offer for everybody just now']]) {
        const page = await open({ lang });
        const personal = cardIn(page, 'open', await deal(1));
        assert.equal(await personal.locator('[data-chip=was]').innerText(), before);
        assert.equal(await personal.locator('[data-chip=was] s').innerText(), '¥129');
        const other = personal.locator('[data-chip=alternative]');
        await other.filter({ hasText: there }).waitFor(); // its name is asked for, the id stands there until then
        assert.equal(await other.innerText(), there);
        const gift = cardIn(page, 'open', await deal(2));
        assert.equal(await gift.locator('[data-chip=alternative]').innerText(), nothing);
        assert.deepEqual(await violations(page), []);
        await close(page);
    }
});

test('a card that one accepts disappears from the other, who sees who has it', async () => {
    const a3 = await open({ who: 'A3' });
    const b7 = await open({ who: 'B7' });
    const n = await deal();
    await cardIn(b7, 'open', n).waitFor();
    await cardIn(a3, 'open', n).locator('[data-step=accept]').click();
    await cardIn(a3, 'mine', n).waitFor();
    await cardIn(b7, 'open', n).waitFor({ state: 'detached' });
    assert.match(await cardIn(b7, 'others', n).innerText(), /A3 在跟进/);
    await close(a3, b7);
});

test('of two who accept at the same time one wins and the other is told', async () => {
    const a3 = await open({ who: 'A3' });
    const b7 = await open({ who: 'B7' });
    const n = await deal();
    await Promise.all([a3, b7].map((page) => cardIn(page, 'open', n).waitFor()));
    await Promise.all([a3, b7].map((page) => page.evaluate((offer) =>
        document.querySelector(`#open [data-offer="${offer}"] [data-step=accept]`)?.click(), id(n))));
    await Promise.all([a3, b7].map((page) => cardIn(page, 'open', n).waitFor({ state: 'detached' })));
    const winners = await Promise.all([a3, b7].map((page) => cardIn(page, 'mine', n).count()));
    assert.equal(winners[0] + winners[1], 1);
    const loser = winners[0] ? b7 : a3;
    await cardIn(loser, 'others', n).waitFor();
    await close(a3, b7);
});

test('who comes second is told who was first, even before the feed says so', async () => {
    const page = await browser.device({ who: 'B7' });
    let deaf = false;
    await page.routeWebSocket(/live/, (socket) => {
        socket.connectToServer().onMessage((message) => { if (!deaf) socket.send(message); });
    });
    await page.goto(shop.url);
    const n = await deal();
    await cardIn(page, 'open', n).waitFor();
    deaf = true;
    await shop.post(`/api/v1/offers/${id(n)}:accept`, { by: 'A3' });
    await cardIn(page, 'open', n).locator('[data-step=accept]').click();
    await cardIn(page, 'others', n).waitFor();
    assert.match(await page.locator('.notice').innerText(), /A3 已抢先跟进/);
    await close(page);
});

test('an offer goes from accepted to told to redeemed, with a code that loads', async () => {
    const page = await open();
    const n = await deal();
    await cardIn(page, 'open', n).locator('[data-step=accept]').click();
    const mine = cardIn(page, 'mine', n);
    await mine.locator('.bars').waitFor();
    await page.waitForFunction((offer) => [...document.querySelectorAll(`#mine [data-offer="${offer}"] img`)]
        .every((image) => image.complete && image.naturalWidth > 0), id(n));
    await mine.locator('[data-step=present]').click();
    await mine.locator('[data-step=redeem]').click();
    await mine.waitFor({ state: 'detached' });
    assert.match(await page.locator('.notice').innerText(), /已核销/);
    await close(page);
});

test('declining takes one tap for the reason, and the card goes everywhere', async () => {
    const a3 = await open({ who: 'A3' });
    const b7 = await open({ who: 'B7', lang: 'en' });
    const n = await deal(2);
    await cardIn(b7, 'open', n).waitFor();
    await cardIn(a3, 'open', n).locator('[data-step=decline]').click();
    await cardIn(a3, 'open', n).locator('[data-reason=not_found]').click();
    await Promise.all([a3, b7].map((page) => cardIn(page, 'open', n).waitFor({ state: 'detached' })));
    assert.equal(await (await fetch(`${shop.url}/test/reason`)).text(), 'not_found');
    await close(a3, b7);
});

test('an expired offer is never shown as live, even on a tablet whose clock is wrong', async () => {
    const page = await browser.device();
    await page.addInitScript(() => {
        const real = Date.now;
        Date.now = () => real() - 3_600_000;
    });
    await page.goto(shop.url);
    const n = await deal(0, 3_000);
    await cardIn(page, 'open', n).waitFor();
    await cardIn(page, 'open', n).waitFor({ state: 'detached', timeout: SOON_MS }); // nobody told it
    const late = await shop.post(`/api/v1/offers/${id(n)}:accept`, { by: 'A3' });
    assert.equal(late.status, 410);
    await close(page);
});

test('the page survives a restart of the shop computer, without being loaded again', async () => {
    const page = await open();
    await page.evaluate(() => { window.sameDocument = true; });
    const kept = await deal();
    await cardIn(page, 'open', kept).locator('[data-step=accept]').click();
    await cardIn(page, 'mine', kept).waitFor();

    await shop.kill();
    await page.locator('#lost').waitFor();
    assert.match(await page.locator('#lost').innerText(), /连接已中断\d+秒/);
    await shop.run();
    const fresh = await deal();
    await page.locator('#lost').waitFor({ state: 'detached' });
    await cardIn(page, 'open', fresh).waitFor();
    await cardIn(page, 'mine', kept).waitFor();
    assert.equal(await page.evaluate(() => window.sameDocument), true);
    await close(page);
});

test('a page that was away is told only what it missed, unless its revisions mean nothing here', async () => {
    const page = await open();
    const welcome = (since) => page.evaluate((from) => new Promise((resolve) => {
        const socket = new WebSocket(`ws://${location.host}/api/v1/live?since=${from}`);
        socket.onmessage = (event) => { socket.close(); resolve(JSON.parse(event.data)); };
    }), since);
    const first = await welcome('');
    assert.ok(Array.isArray(first.cards));
    const n = await deal();
    const later = await welcome(`${first.epoch}.${first.rev}`);
    assert.equal(later.cards, undefined);
    assert.deepEqual(later.changes.map((change) => change.card.id), [id(n)]);
    const stranger = await welcome('ffffffffffffffff.3');
    assert.ok(stranger.cards.some((card) => card.id === id(n)));
    await close(page);
});

test('a check-in shows the profile, asks consent by purpose once, and forgets the number', async () => {
    const page = await open();
    await page.click('#tab-checkin');
    const scan = async () => {
        await page.fill('#member', ' member:13800138000 ');
        await page.press('#member', 'Enter');
        await page.locator('#visit').waitFor();
    };
    await scan();
    const profile = await page.locator('.profile').innerText();
    for (const word of ['#7F3A', '金卡', '45 天前', '12', '¥3,245.60'])
        assert.ok(profile.includes(word), `${word} in ${profile}`);
    assert.equal(await page.locator('[data-purpose]').count(), 2);
    await page.locator('[data-purpose="marketing.personal"] .primary').click();
    await page.locator('[data-purpose="marketing.personal"]').waitFor({ state: 'detached' });
    await page.locator('[data-purpose="location.link"] .secondary').click(); // a no is an answer, too
    await page.locator('[data-purpose]').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: '完成' }).click();
    await scan();
    assert.equal(await page.locator('[data-purpose]').count(), 0);
    assert.equal(await page.inputValue('#member'), '');
    const traces = await page.evaluate(() => JSON.stringify(localStorage) + document.body.innerHTML);
    assert.ok(!traces.includes('13800138000'));
    await close(page);
});

test('who has no name is asked for it before anything is done', async () => {
    const page = await open({ who: '' });
    const n = await deal();
    await cardIn(page, 'open', n).locator('[data-step=accept]').click();
    assert.equal(await page.evaluate(() => document.activeElement.id), 'who');
    await page.fill('#who', 'C5');
    await page.press('#who', 'Enter');
    await cardIn(page, 'open', n).locator('[data-step=accept]').click();
    await cardIn(page, 'mine', n).waitFor();
    const { cards } = await (await fetch(`${shop.url}/api/v1/offers`)).json();
    assert.equal(cards.find((card) => card.id === id(n)).by, 'C5');
    await close(page);
});

test('language and mute are switched on the page and survive loading it again', async () => {
    const page = await open();
    await page.click('#settings-button');
    await page.getByText('English', { exact: true }).click();
    assert.equal(await page.getAttribute('html', 'lang'), 'en');
    await page.keyboard.press('Escape');
    await page.click('#mute');
    await page.reload();
    await page.waitForSelector('.dot.on');
    assert.equal(await page.getAttribute('html', 'lang'), 'en');
    assert.equal(await page.getAttribute('#mute', 'aria-pressed'), 'true');
    assert.match(await page.getAttribute('#mute', 'aria-label'), /Muted for 30 min/);
    await close(page);
});

test("the day's figures are at the head of the page", async () => {
    const page = await open({ lang: 'en' });
    const figure = (name) => page.locator(`#figure-${name} dd`).innerText();
    assert.equal(await figure('entries'), '412');
    assert.equal(await figure('inside'), '37');
    assert.equal(await figure('sales'), '128');
    assert.equal(await figure('conversion'), '31.1%');
    await close(page);
});

test('nothing is cut off on the narrowest phone', async () => {
    for (const lang of ['zh-CN', 'en']) {
        const page = await open({ lang, width: 320, height: 640 });
        const n = await deal(1);
        await cardIn(page, 'open', n).locator('[data-step=accept]').click();
        await cardIn(page, 'mine', n).waitFor();
        const extra = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.equal(await extra(), 0, lang);
        await page.click('#tab-floor');
        await page.locator('[data-door=main]').waitFor();
        assert.equal(await extra(), 0, lang);
        await page.click('#edit-scene');
        await page.locator('#picture').waitFor();
        assert.equal(await extra(), 0, lang);
        await close(page);
    }
});

// Somebody at the door: taps on the page, and those whom the door saw.
const walk = (direction) => shop.post('/test/cross', { door: 'main', direction });

async function openFloor(settings = {}) {
    const page = await open(settings);
    await page.click('#tab-floor');
    await page.locator('[data-door=main]').waitFor();
    return page;
}

test('doors show what they count, how far to trust it, and why', async () => {
    const page = await openFloor({ lang: 'en' });
    const side = await page.locator('[data-door=side]').innerText();
    assert.match(side, /Saw nothing for 4 min/);
    assert.match(side, /93\.\d%|93%/);
    assert.match(await page.locator('[data-door=main]').innerText(), /Accuracy not measured yet/);
    const zone = await page.locator('#zones tbody tr').innerText();
    for (const word of ['queue', '1.8', '4']) assert.ok(zone.includes(word), `${word} in ${zone}`);
    assert.ok(await page.locator('.heat rect').count() > 20);
    await close(page);
});

test('who taps at a door is told how right it counts, and the door says so from then on', async () => {
    const page = await openFloor({ lang: 'en' });
    await page.locator('[data-door=main] [data-step=measure]').click();
    for (let n = 0; n < 12; n++) {
        const way = n % 3 === 2 ? 'out' : 'in';
        if (n !== 5) await walk(way); // one that the door misses
        await page.click(`[data-tap=${way}]`);
    }
    assert.ok(!(await page.innerText('.tapping')).includes('Counted'), 'nothing of the counts is shown');
    await page.click('#tap-end');
    await page.locator('#result').waitFor({ timeout: 2 * SOON_MS });
    const result = await page.innerText('#result');
    assert.match(result, /91\.7%/);
    assert.match(result, /Between 64\.\d% and 98\.\d% with 95 % certainty, from 12 people/);
    await page.click('#result-close');
    await page.getByText(/Accuracy 91\.7% \(64\.\d% to 98\.\d%\), 12 people/).waitFor();
    await close(page);
});

test('taps are made with keys, taken back, and kept while the connection is gone', async () => {
    const page = await openFloor({ lang: 'en' });
    await page.locator('[data-door=side] [data-step=measure]').click();
    await page.locator('[data-tap=in]').waitFor(); // the shop has begun: what is pressed earlier counts for nothing
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Backspace');
    await page.context().setOffline(true);
    await page.keyboard.press('ArrowUp');
    await page.locator('[data-tap=in] span').getByText('2', { exact: true }).waitFor();
    await page.context().setOffline(false);
    await page.click('#tap-end');
    await page.locator('#result').waitFor({ timeout: 2 * SOON_MS });
    const result = await page.innerText('#result');
    assert.match(result, /Too few people/);
    assert.match(result, /In\s+2\s+0\s+0\s+2\s+0/);
    await close(page);
});

test('a measurement that a restart has ended says so', async () => {
    const page = await openFloor({ lang: 'en' });
    await page.locator('[data-door=side] [data-step=measure]').click();
    await page.click('[data-tap=in]');
    await shop.kill();
    await shop.run();
    await page.click('[data-tap=in]');
    await page.getByText(/measurement was lost/).waitFor();
    await close(page);
});

// A share of the picture's width and height.
async function tapAt(page, across, down) {
    const box = await page.locator('#picture').boundingBox();
    await page.mouse.click(box.x + box.width * across, box.y + box.height * down);
}

const corner = (page, name) => page.locator(`[data-handle="${name}"]`);

test('a line is moved by keys and by a tap, warned of at the edge, and saved for the camera', async () => {
    const page = await openFloor({ lang: 'en', width: 1180, height: 820 });
    await page.click('#edit-scene');
    await corner(page, 'line-0-0').focus();
    for (let n = 0; n < 3; n++) await page.keyboard.press('Shift+ArrowLeft');
    assert.match(await corner(page, 'line-0-0').getAttribute('aria-label'), /210, 180/);
    await tapAt(page, 0.5, 0.01);
    await corner(page, 'line-0-1').focus();
    await tapAt(page, 0.9, 0.01);
    await page.locator('[data-flaw=line_at_edge]').waitFor();
    await tapAt(page, 0.9, 0.5);
    await corner(page, 'line-0-0').focus();
    await tapAt(page, 0.1, 0.5);
    await page.locator('[data-flaw=line_at_edge]').waitFor({ state: 'detached' });
    await page.click('#save-scene');
    await page.getByText('The camera counts by it now').waitFor();
    const { scene } = await (await fetch(`${shop.url}/api/v1/cameras/door-cam/scene`)).json();
    assert.deepEqual(scene.lines[0].points.map(([x, y]) => [Math.round(x / 10), Math.round(y / 10)]), [[6, 24], [58, 24]]);
    await close(page);
});

test('a zone is added, dragged, named twice and refused, and thrown away', async () => {
    const page = await openFloor({ lang: 'en', width: 1180, height: 820 });
    await page.click('#edit-scene');
    await page.click('#add-zone');
    const from = await corner(page, 'zone-1-0').boundingBox();
    await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
    await page.mouse.down();
    await page.mouse.move(from.x + 60, from.y + 50, { steps: 4 });
    await page.mouse.up();
    assert.doesNotMatch(await corner(page, 'zone-1-0').getAttribute('aria-label'), /160, 120/);
    await page.fill('#shape-name', 'queue');
    await page.getByText(/two zones are named queue/).waitFor();
    assert.equal(await page.isDisabled('#save-scene'), true);
    await page.click('#drop-shape');
    await page.getByText(/two zones are named queue/).waitFor({ state: 'detached' });
    await close(page);
});

test('two who draw at once: the second is told to load again', async () => {
    const page = await openFloor({ lang: 'en', width: 1180, height: 820 });
    await page.click('#edit-scene');
    await page.locator('#picture').waitFor();
    const path = `${shop.url}/api/v1/cameras/door-cam/scene`;
    const { scene, digest } = await (await fetch(path)).json();
    const other = await fetch(path, {
        method: 'PUT', headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ scene: { ...scene, uturn_s: 20 }, digest, by: 'B7' }),
    });
    assert.equal(other.status, 200);
    await page.click('#save-scene');
    await page.getByText('Somebody else has changed the scene').waitFor();
    await close(page);
});

for (const lang of ['zh-CN', 'en']) {
    for (const theme of ['light', 'dark']) {
        test(`axe finds no WCAG 2.2 AA violation in ${lang}, ${theme}`, async () => {
            const mine = await deal(0);
            const taken = await deal(1);
            await deal(2);
            await deal(2, 50_000);
            await shop.post(`/api/v1/offers/${id(mine)}:accept`, { by: 'A3' });
            await shop.post(`/api/v1/offers/${id(taken)}:accept`, { by: 'B7' });
            const page = await open({ lang, theme, width: 1180, height: 820 });
            await cardIn(page, 'mine', mine).waitFor();
            await page.locator('#open [data-step=decline]').first().click();
            await page.fill('#member', '13800138000');
            await page.click('.ask button');
            await page.locator('#visit').waitFor();
            assert.deepEqual(await violations(page), []);

            await page.setViewportSize({ width: 390, height: 844 });
            assert.deepEqual(await violations(page), []);
            await page.click('#settings-button');
            assert.deepEqual(await violations(page), []);
            await close(page);
        });

        test(`axe finds no WCAG 2.2 AA violation in the counting in ${lang}, ${theme}`, async () => {
            const page = await openFloor({ lang, theme, width: 1180, height: 820 });
            await page.locator('.heat rect').first().waitFor();
            assert.deepEqual(await violations(page), []);
            await page.setViewportSize({ width: 390, height: 844 });
            assert.deepEqual(await violations(page), []);
            await page.click('#edit-scene');
            await corner(page, 'line-0-0').focus();
            await page.locator('#shape-name').waitFor();
            assert.deepEqual(await violations(page), []);
            await page.click('#scene-back');
            await page.locator('[data-door=side] [data-step=measure]').click();
            await page.locator('.pads').waitFor();
            assert.deepEqual(await violations(page), []);
            await page.click('#tap-cancel');
            await close(page);
        });
    }
}

test('no page complained to its console', () => assert.deepEqual(complaints, []));
