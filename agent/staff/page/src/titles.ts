// What campaigns are called. Cards carry ids only; the shop is asked for the names when one is first wanted.
import { signal } from '@preact/signals';
import { call } from './api';
import type { Campaign } from './campaign_types';
import { campaignTitle } from './campaigns';

const known = signal<ReadonlyMap<string, Campaign>>(new Map());
// A campaign that runs no more has no name: it is not asked for again and again.
const asked = new Set<string>();

export async function learnTitles(ids: string[]): Promise<void> {
    const fresh = ids.filter((id) => !asked.has(id) && !known.value.has(id));
    if (!fresh.length) return;
    fresh.forEach((id) => asked.add(id));
    const reply = await call('GET', '/api/v1/campaigns');
    if (reply.status === 200)
        known.value = new Map((reply.body.campaigns as Campaign[]).map((one) => [one.campaign, one]));
    else
        fresh.forEach((id) => asked.delete(id));
}

export function campaignName(id: string): string {
    const campaign = known.value.get(id);
    return campaign ? campaignTitle(campaign) : id;
}
