// What this device remembers about itself. Nothing about customers is ever stored.
import { effect, signal } from '@preact/signals';

export type Lang = 'zh-CN' | 'en';
export type Theme = 'auto' | 'light' | 'dark';

const PREFIX = 'aisle.';
export const MUTE_MS = 30 * 60 * 1000;

function read(key: string, fallback: string): string {
    try {
        return localStorage.getItem(PREFIX + key) ?? fallback;
    } catch {
        return fallback; // storage may be switched off: everything works for as long as the page is open
    }
}

function keep(key: string, value: string): void {
    try {
        localStorage.setItem(PREFIX + key, value);
    } catch {
        // see read()
    }
}

function preferredLang(): Lang {
    return navigator.language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}

export const who = signal(read('who', ''));
export const lang = signal<Lang>(read('lang', preferredLang()) === 'zh-CN' ? 'zh-CN' : 'en');
export const theme = signal<Theme>(read('theme', 'auto') as Theme);
export const sound = signal(read('sound', 'on') === 'on');
export const mutedUntil = signal(Number(read('muted', '0')) || 0);

effect(() => keep('who', who.value));
effect(() => keep('lang', lang.value));
effect(() => keep('theme', theme.value));
effect(() => keep('sound', sound.value ? 'on' : 'off'));
effect(() => keep('muted', String(mutedUntil.value)));
effect(() => {
    document.documentElement.lang = lang.value;
});
effect(() => {
    document.documentElement.dataset.theme = theme.value;
});

export function toggleMute(): void {
    mutedUntil.value = mutedUntil.value > Date.now() ? 0 : Date.now() + MUTE_MS;
}
