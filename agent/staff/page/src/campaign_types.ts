// What /api/v1/campaigns and /api/v1/funnel answer; money in minor units.
export interface Side { exposed: number; observed: number; mean: number }

export interface Campaign {
    campaign: string;
    version: number;
    title: Record<string, string>;
    action: string;
    trigger: string;
    state: string;
    paused: string;
    live: number;
    budget: { budget: number; spent: number; reserved: number; left: number; leased: boolean } | null;
    trial: { treated: Side; withheld: Side; mismatched: boolean; needed: number } | null;
}

export interface Steps {
    triggered: number;
    eligible: number;
    offered: number;
    withheld: number;
    accepted: number;
    redeemed: number;
}

export interface Funnel { business_date: string; all: Steps; campaigns: Record<string, Steps> }
