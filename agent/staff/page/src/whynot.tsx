// What else was thought of, and the polite reason why it was not offered.
import { signal } from '@preact/signals';
import { call } from './api';
import type { Campaign } from './campaign_types';
import { campaignTitle } from './campaigns';
import type { Verdict } from './types';
import { t, tryT } from './words';

// Titles are asked for when somebody wants to know; a card carries ids only.
const titles = signal<ReadonlyMap<string, string>>(new Map());

async function learnTitles(verdicts: Verdict[]): Promise<void> {
    if (verdicts.every(({ campaign }) => titles.value.has(campaign))) return;
    const reply = await call('GET', '/api/v1/campaigns');
    if (reply.status !== 200) return;
    titles.value = new Map((reply.body.campaigns as Campaign[]).map((one) => [one.campaign, campaignTitle(one)]));
}

export function WhyNot({ verdicts, nothing = false }: { verdicts?: Verdict[]; nothing?: boolean }) {
    if (!verdicts?.length) return null;
    return (
        <details class="whynot" onToggle={(event) => { if (event.currentTarget.open) void learnTitles(verdicts); }}>
            <summary>{t(nothing ? 'why_not_me' : 'why_not')}</summary>
            <ul>
                {verdicts.map(({ campaign, reason }) => (
                    <li key={campaign} data-reason={reason}>
                        <strong>{titles.value.get(campaign) ?? campaign}</strong>: {tryT(`w_${reason}`) ?? reason}
                    </li>
                ))}
            </ul>
        </details>
    );
}
