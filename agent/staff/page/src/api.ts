// What staff do. Every step gets an answer, and a step that did not arrive says so.
import { heard } from './clock';
import { connected } from './connection';
import { who } from './settings';
import { busy, cards, put, remove, say, visit } from './store';
import type { Card, CheckIn, State, Step } from './types';
import { t } from './words';

const TIMEOUT_MS = 8000;

export interface Reply {
    status: number; // 0: no answer
    body: Record<string, unknown>;
}

export async function call(method: string, path: string, body?: object): Promise<Reply> {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), TIMEOUT_MS);
    try {
        const response = await fetch(path, {
            method, signal: stop.signal,
            ...(body && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
        });
        return { status: response.status, body: await response.json() };
    } catch {
        return { status: 0, body: {} };
    } finally {
        clearTimeout(timer);
    }
}

function setBusy(id: string, on: boolean): void {
    const next = new Set(busy.value);
    if (on) next.add(id);
    else next.delete(id);
    busy.value = next;
}

// Somebody was first: show who, at once, and do not wait for the feed to say the same.
function giveAway(id: string, body: Record<string, unknown>): void {
    const card = cards.value.get(id);
    if (card) put({ ...card, state: body.state as State, by: String(body.by) });
    say(t('taken_first', { by: String(body.by || '?') }), true);
}

function settle(card: Card, step: Step, reply: Reply): void {
    if (reply.status === 200) {
        if (typeof reply.body.now === 'number') heard(reply.body.now);
        put(reply.body.card as Card);
        if (step === 'redeem') say(t('done_redeem'));
        if (step === 'decline') say(t('done_decline'));
    } else if (reply.status === 409) {
        giveAway(card.id, reply.body);
    } else if (reply.status === 410 || reply.status === 404) {
        remove(card.id);
        say(t('expired'), true);
    } else {
        say(t(reply.status === 0 || !connected.value ? 'not_sent' : 'not_done'), true);
    }
}

// Nothing is done by nobody.
export function knowsWho(): boolean {
    if (who.value) return true;
    document.getElementById('who')?.focus();
    say(t('who_first'), true);
    return false;
}

const post = (path: string, body: object) => call('POST', path, body);

// `word`: why it is declined, or which of several gifts is given.
export async function act(card: Card, step: Step, word?: string): Promise<void> {
    if (!knowsWho()) return;
    if (busy.value.has(card.id)) return;
    setBusy(card.id, true);
    const more = step === 'decline' ? { reason: word } : { choice: word };
    const reply = await post(`/api/v1/offers/${card.id}:${step}`, { by: who.value, ...more });
    setBusy(card.id, false);
    settle(card, step, reply);
}

export async function checkIn(member: string): Promise<boolean> {
    if (!knowsWho()) return false;
    const reply = await post('/api/v1/checkins', { member, by: who.value });
    if (reply.status !== 200) {
        const why = reply.status === 400 ? 'bad_number' : reply.status === 0 ? 'not_sent' : 'not_done';
        say(t(why), true);
        return false;
    }
    const found = reply.body as unknown as CheckIn;
    heard(found.now);
    found.offers.forEach(put);
    visit.value = found;
    return true;
}

export async function answerConsent(purpose: string, granted: boolean): Promise<void> {
    const at = visit.value;
    if (!at || !knowsWho()) return;
    const reply = await post(`/api/v1/checkins/${at.key}:consent`,
        { purpose, granted, by: who.value });
    if (reply.status !== 200) {
        say(t(reply.status === 404 ? 'scan_again' : 'not_sent'), true);
        return;
    }
    say(t(granted ? 'consent_kept_yes' : 'consent_kept_no'));
    if (visit.value?.key !== at.key) return;
    const profile = { ...at.profile, consent: { ...visit.value.profile.consent, [purpose]: granted } };
    visit.value = { ...visit.value, profile, ask: visit.value.ask.filter((other) => other !== purpose) };
}
