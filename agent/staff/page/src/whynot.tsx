// What else was thought of, and the polite reason why it was not offered.
import { campaignName, learnTitles } from './titles';
import type { Verdict } from './types';
import { t, tryT } from './words';

export function WhyNot({ verdicts, nothing = false }: { verdicts?: Verdict[]; nothing?: boolean }) {
    if (!verdicts?.length) return null;
    const learn = () => learnTitles(verdicts.map(({ campaign }) => campaign));
    return (
        <details class="whynot" onToggle={(event) => { if (event.currentTarget.open) void learn(); }}>
            <summary>{t(nothing ? 'why_not_me' : 'why_not')}</summary>
            <ul>
                {verdicts.map(({ campaign, reason }) => (
                    <li key={campaign} data-reason={reason}>
                        <strong>{campaignName(campaign)}</strong>: {tryT(`w_${reason}`) ?? reason}
                    </li>
                ))}
            </ul>
        </details>
    );
}
