// A short tone and a buzz for new cards, unless muted. Browsers stay silent until somebody has touched the page.
import { mutedUntil, sound } from './settings';

const QUIET_MS = 4000; // not more often than this, however many cards come
let context: AudioContext | null = null;
let last = 0;

addEventListener('pointerdown', () => { context ??= new AudioContext(); }, { once: true });

function tone(audio: AudioContext, hertz: number, afterS: number): void {
    const note = audio.createOscillator();
    const gain = audio.createGain();
    const start = audio.currentTime + afterS;
    note.frequency.value = hertz;
    gain.gain.setValueAtTime(0.0001, start);
    gain.gain.exponentialRampToValueAtTime(0.12, start + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, start + 0.22);
    note.connect(gain).connect(audio.destination);
    note.start(start);
    note.stop(start + 0.25);
}

export function alertNew(): void {
    const now = Date.now();
    if (!sound.value || mutedUntil.value > now || now - last < QUIET_MS) return;
    last = now;
    if (context) {
        void context.resume();
        tone(context, 660, 0);
        tone(context, 880, 0.14);
        navigator.vibrate?.([80, 40, 80]);
    }
}
