// The live feed: reconnects with full jitter and goes on where it stopped.
import { signal } from '@preact/signals';
import { receive, since } from './store';
import type { Message } from './types';

const SILENCE_MS = 12_000; // the agent speaks every 5 s
const WAIT_MS = 400;
const WAIT_MAX_MS = 6_000;

// When the connection went away; 0 while it is there, and before the first try has failed.
export const lostSince = signal(0);
export const connected = signal(false);

let socket: WebSocket | null = null;
let tries = 0;
let silence = 0;
let retry = 0;

function watchSilence(): void {
    clearTimeout(silence);
    silence = window.setTimeout(() => lose(), SILENCE_MS);
}

// close() of a socket whose network has gone may take minutes to be told: so we do not wait for it.
function lose(): void {
    const old = socket;
    socket = null;
    clearTimeout(silence);
    if (old) {
        old.onclose = old.onmessage = null;
        old.close();
    }
    if (connected.value || !lostSince.value) lostSince.value = Date.now();
    connected.value = false;
    const wait = Math.random() * Math.min(WAIT_MAX_MS, WAIT_MS * 2 ** tries++);
    clearTimeout(retry);
    retry = window.setTimeout(connect, 100 + wait);
}

function hear(event: MessageEvent): void {
    watchSilence();
    receive(JSON.parse(event.data as string) as Message);
    tries = 0;
    connected.value = true;
    lostSince.value = 0;
}

export function connect(): void {
    clearTimeout(retry);
    const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
    const from = since();
    const query = from ? `?since=${encodeURIComponent(from)}` : '';
    socket = new WebSocket(`${scheme}//${location.host}/api/v1/live${query}`);
    socket.onmessage = hear;
    socket.onclose = lose;
    watchSilence();
}

// A tablet that wakes up should not wait for its next try.
function wake(): void {
    if (document.visibilityState === 'visible' && !connected.value && !socket) {
        tries = 0;
        connect();
    }
}
document.addEventListener('visibilitychange', wake);
addEventListener('online', wake);
