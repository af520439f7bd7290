// The live cards and everything else that the agent told this page.
import { computed, signal } from '@preact/signals';
import { alertNew } from './alerts';
import { forget, heard, tick, updateTick } from './clock';
import { who } from './settings';
import type { Card, Change, CheckIn, Message, Shop, Today } from './types';

export const shop = signal<Shop | null>(null);
export const today = signal<Today | null>(null);
export const cards = signal<ReadonlyMap<string, Card>>(new Map());
export const busy = signal<ReadonlySet<string>>(new Set());
export const visit = signal<CheckIn | null>(null);
export const notice = signal<{ text: string; bad: boolean; n: number } | null>(null);
export const arrivals = signal(0); // cards that came since the page was opened: what the live region counts

let epoch = '';
let rev = 0;
let notices = 0;

// Where the feed goes on; empty before the first welcome.
export const since = () => (epoch ? `${epoch}.${rev}` : '');

export function say(text: string, bad = false): void {
    notice.value = { text, bad, n: ++notices };
}

function isLive(card: Card): boolean {
    return card.state === 'offered' || card.state === 'accepted' || card.state === 'presented';
}

export function put(card: Card): void {
    const known = cards.value.get(card.id);
    if (known && known.revision > card.revision) return;
    const next = new Map(cards.value);
    if (isLive(card)) next.set(card.id, card);
    else next.delete(card.id);
    cards.value = next;
}

export function remove(id: string): void {
    if (!cards.value.has(id)) return;
    const next = new Map(cards.value);
    next.delete(id);
    cards.value = next;
}

function replaceAll(list: Card[]): void {
    cards.value = new Map(list.filter(isLive).map((card) => [card.id, card]));
}

function apply(change: Change): void {
    if (change.t === 'gone') {
        remove(change.id!);
        return;
    }
    if (!change.card) return;
    const isNew = change.card.state === 'offered' && !cards.value.has(change.card.id);
    put(change.card);
    if (isNew) {
        arrivals.value++;
        alertNew();
    }
}

export function receive(message: Message): void {
    if (message.epoch !== epoch) forget(); // another run of the agent may be another boot of its machine
    heard(message.now);
    if (message.cards) replaceAll(message.cards);
    message.changes?.forEach(apply);
    if (message.t === 'offer' || message.t === 'gone') apply(message as Change);
    if (message.shop) shop.value = message.shop;
    if (message.today) today.value = message.today;
    epoch = message.epoch;
    rev = message.rev;
    updateTick();
}

// What has run out is not shown, whether or not the agent could tell us so.
const unexpired = computed(() => [...cards.value.values()]
    .filter((card) => card.ends > tick.value)
    .sort((a, b) => a.ends - b.ends || (a.id < b.id ? -1 : 1)));
export const mine = computed(() =>
    unexpired.value.filter((card) => card.state !== 'offered' && card.by === who.value));
export const open = computed(() => unexpired.value.filter((card) => card.state === 'offered'));
export const others = computed(() =>
    unexpired.value.filter((card) => card.state !== 'offered' && card.by !== who.value));
