// Money, times and the shop's own words, as people of either language say them.
import { lang } from './settings';
import { shop } from './store';
import type { Card, Chip } from './types';
import { t, tryT } from './words';

export function money(minor: number): string {
    const digits = shop.value?.minor_digits ?? 2;
    const whole = minor % 10 ** digits === 0;
    return new Intl.NumberFormat(lang.value, {
        style: 'currency', currency: shop.value?.currency ?? 'CNY', currencyDisplay: 'narrowSymbol',
        minimumFractionDigits: whole ? 0 : digits, maximumFractionDigits: digits,
    }).format(minor / 10 ** digits);
}

export const count = (n: number) => new Intl.NumberFormat(lang.value).format(n);

export function percent(permille: number | null): string {
    if (permille === null) return '–';
    return new Intl.NumberFormat(lang.value, { style: 'percent', maximumFractionDigits: 1 })
        .format(permille / 1000);
}

// 4:05, or 1:04:05.
export function countdown(ms: number): string {
    const seconds = Math.max(0, Math.ceil(ms / 1000));
    const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    const shown = parts[0] ? parts : parts.slice(1);
    return shown.map((part, n) => (n ? String(part).padStart(2, '0') : String(part))).join(':');
}

// The same for ears: "4 min 5 sec", "4分钟5秒".
export function spoken(ms: number): string {
    const seconds = Math.max(0, Math.ceil(ms / 1000));
    const unit = (n: number, name: string) => new Intl.NumberFormat(lang.value, {
        style: 'unit', unit: name, unitDisplay: lang.value === 'en' ? 'short' : 'long',
    }).format(n);
    const minutes = Math.floor(seconds / 60);
    const rest = seconds % 60;
    if (!minutes) return unit(rest, 'second');
    return rest ? `${unit(minutes, 'minute')} ${unit(rest, 'second')}` : unit(minutes, 'minute');
}

export function title(card: Card): string {
    return card.title[lang.value] ?? card.title['zh-CN'] ?? card.title.en
        ?? Object.values(card.title)[0] ?? tryT(`a_${card.action}`) ?? card.action;
}

export const tier = (name: string) => tryT(`tier_${name}`) ?? name;
export const lifecycle = (name: string) => tryT(`l_${name}`) ?? name;

export const category = (name: string) => tryT(`c_${name}`) ?? name;
// Common names are known in both languages; a shop's own are shown as they are.
const zone = (name: string) => tryT(`z_${name}`) ?? name;

// "trolley 14" is how the agent says it; a shop's own label is shown as it is.
export function eyes(text: string): string {
    const known = /^(trolley|basket|till|zone|member)[ :](.+)$/.exec(text);
    if (!known) return text;
    const place = known[1] === 'zone' || known[1] === 'member' ? zone(known[2]) : known[2];
    return t(`eyes_${known[1]}` as 'eyes_till', { n: place });
}

export function where(card: Card): string[] {
    const places = [card.eyes ? eyes(card.eyes) : ''];
    if (card.zone && !card.eyes.includes(card.zone)) places.push(zone(card.zone));
    if (card.till && !card.eyes.includes(card.till)) places.push(t('eyes_till', { n: card.till }));
    return places.filter(Boolean);
}

// Reasons that the card does not say elsewhere already.
export function reasons(card: Card): Chip[] {
    const said = [card.tier && `tier ${card.tier}`, card.lifecycle && `lifecycle ${card.lifecycle}`,
        card.zone && `zone ${card.zone}`, card.till && `till ${card.till}`];
    return card.reasons.filter(({ key, value }) => !said.includes(`${key} ${value}`));
}

export function reason({ key, value }: Chip): string {
    const minor = Number(value);
    const words: Record<string, (name: string) => string> = { tier, lifecycle, zone, category };
    const amount = Number.isFinite(minor) ? money(minor) : value;
    return tryT(`k_${key}`, { v: words[key]?.(value) ?? value, money: amount }) ?? `${key}: ${value}`;
}

export function daysAgo(days: number): string {
    if (days < 0) return t('never');
    if (days === 0) return t('today_word');
    return days === 1 ? t('day_ago') : t('days_ago', { n: days });
}
