// The shop that the test plays with, and browsers to look at it.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const CHROMIUM = process.env.AISLE_CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync'];

// A page_shop process that can be killed and started again on the same port, with the same state.
export class Shop {
    static async start(binary) {
        const shop = new Shop();
        shop.binary = binary;
        shop.folder = mkdtempSync(join(tmpdir(), 'aisle-page-'));
        shop.port = 0;
        await shop.run();
        return shop;
    }

    run() {
        this.process = spawn(this.binary,
            ['--port', String(this.port), '--state', join(this.folder, 'state')],
            { stdio: ['ignore', 'pipe', 'inherit'] });
        return new Promise((resolve, reject) => {
            this.process.once('exit', (code) => reject(new Error(`page_shop ended with ${code}`)));
            this.process.stdout.on('data', (bytes) => {
                const port = /PORT (\d+)/.exec(bytes.toString());
                if (!port) return;
                this.port = Number(port[1]);
                this.process.removeAllListeners('exit');
                resolve();
            });
        });
    }

    kill(signal = 'SIGKILL') {
        const gone = new Promise((resolve) => this.process.once('exit', resolve));
        this.process.kill(signal);
        return gone;
    }

    async end() {
        await this.kill('SIGTERM');
        rmSync(this.folder, { recursive: true, force: true });
    }

    get url() { return `http://127.0.0.1:${this.port}`; }

    async deal(n, wait_ms) {
        const response = await this.post('/test/deal', wait_ms === undefined ? { n } : { n, wait_ms });
        if (response.status !== 200) throw new Error(`deal ${n}: ${response.status}`);
    }

    post(path, body) {
        return fetch(this.url + path, {
            method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
        });
    }
}

export async function openBrowser() {
    const folder = mkdtempSync(join(tmpdir(), 'aisle-chromium-'));
    const context = await chromium.launchPersistentContext(folder, {
        executablePath: CHROMIUM, args: FLAGS, headless: true, viewport: { width: 390, height: 844 },
    });
    return {
        browser: context.browser(), context,
        // A device of its own: its own storage, its own name.
        async device({ who = 'A3', lang = 'zh-CN', theme = 'light', width = 390, height = 844, scale = 1 } = {}) {
            const own = await context.browser().newContext({
                viewport: { width, height }, deviceScaleFactor: scale, colorScheme: theme === 'dark' ? 'dark' : 'light',
            });
            await own.addInitScript(([name, language, look]) => {
                if (localStorage.getItem('aisle.set')) return;
                localStorage.setItem('aisle.set', 'yes');
                if (name) localStorage.setItem('aisle.who', name);
                localStorage.setItem('aisle.lang', language);
                localStorage.setItem('aisle.theme', look);
            }, [who, lang, theme]);
            return own.newPage();
        },
        async close() {
            await context.close();
            rmSync(folder, { recursive: true, force: true });
        },
    };
}
