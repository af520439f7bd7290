// The agent's clock as seen from here. Countdowns run on it, so a tablet whose own clock is wrong still counts right.
import { signal } from '@preact/signals';

const JUMP_MS = 2000; // a sample this far below the best one means that a clock jumped, not that the network was slow

let offset: number | null = null;
let ran = 0;
let lastMono = performance.now();
let lastWall = Date.now();

// Milliseconds this page has run, with the time that the tablet slept: some browsers stop performance.now() in sleep.
function local(): number {
    const mono = performance.now();
    const wall = Date.now();
    ran += Math.max(mono - lastMono, wall - lastWall, 0);
    lastMono = mono;
    lastWall = wall;
    return ran;
}

// The largest sample is the one that travelled fastest, so it is nearest to the truth.
export function heard(agentNow: number): void {
    const sample = agentNow - local();
    if (offset === null || sample > offset || offset - sample > JUMP_MS) offset = sample;
}

export function forget(): void {
    offset = null;
}

export function agentNow(): number {
    return offset === null ? 0 : local() + offset;
}

// Moves once a second: whatever reads it is drawn again. Zero until the agent has said the time.
export const tick = signal(0);
// The same for things that have nothing to do with the agent: how long the connection is gone, how long we are muted.
export const wallTick = signal(Date.now());

export function updateTick(): void {
    tick.value = agentNow();
    wallTick.value = Date.now();
}
setInterval(updateTick, 1000);
