// What the agent says, as agent/staff/page/openapi.json describes it. Money is in minor units; `now` and `ends` are
// milliseconds of the agent's monotonic clock.

export type State = 'offered' | 'accepted' | 'presented' | 'redeemed' | 'declined' | 'expired';
export type Step = 'accept' | 'present' | 'redeem' | 'decline';

// A campaign that was thought of and not offered: `reason` is of the closed list in docs/offers.md.
export interface Verdict {
    campaign: string;
    reason: string;
}

export interface Chip {
    key: string;
    value: string;
}

export interface Card {
    id: string;
    revision: number;
    state: State;
    by: string;
    action: string;
    trigger: string;
    title: Record<string, string>;
    value: number;
    handle: string;
    tier: string;
    lifecycle: string;
    eyes: string;
    zone: string;
    till: string;
    reasons: Chip[];
    decline_reasons: string[];
    code: string;
    gift_sku?: string;
    gift_choices?: string[];
    points?: number;
    wait_ms: number;
    ends: number;
    why_not?: Verdict[];
}

export interface Today {
    entries: number;
    inside: number;
    sales: number;
    takings: number;
    conversion_permille: number | null;
    blind_s: number;
    offers_made: number;
    offers_redeemed: number;
}

export interface Shop {
    store: string;
    name: string;
    currency: string;
    minor_digits: number;
    version: string;
    purposes: string[];
    consent_version: string;
    decline_reasons: string[];
}

export interface Profile {
    handle: string;
    known: boolean;
    tier: string;
    lifecycle: string;
    recency: number;
    frequency: number;
    monetary: number;
    purchases: number;
    spent: number;
    days_since_last: number;
    last: { at: string; total: number; lines: number }[];
    favourites: string[];
    consent: Record<string, boolean>;
}

export interface CheckIn {
    key: string;
    now: number;
    profile: Profile;
    offers: Card[];
    ask: string[];
    why_not?: Verdict[];
}

export interface Change {
    t: 'offer' | 'gone';
    rev: number;
    card?: Card;
    id?: string;
    state?: State;
    by?: string;
}

export interface Message {
    t: 'welcome' | 'reset' | 'offer' | 'gone' | 'today';
    epoch: string;
    rev: number;
    now: number;
    cards?: Card[];
    changes?: Change[];
    shop?: Shop;
    today?: Today;
    card?: Card;
    id?: string;
    state?: State;
    by?: string;
}
