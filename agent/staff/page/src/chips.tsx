// Why this offer: a chip for each reason that the card does not say elsewhere already.
import { useEffect } from 'preact/hooks';
import { money, reason, reasons } from './format';
import { campaignName, learnTitles } from './titles';
import type { Card, Chip as ReasonChip } from './types';
import { t } from './words';

const NO_ALTERNATIVE = 'none'; // as the agent says it: a personal offer beside which nothing is for everybody

// What somebody can have of whom nothing is known.
function Alternative({ campaign }: { campaign: string }) {
    const there = campaign !== NO_ALTERNATIVE;
    useEffect(() => { if (there) void learnTitles([campaign]); }, [campaign]);
    return (
        <li data-chip="alternative">
            {there ? t('for_everybody', { v: campaignName(campaign) }) : t('nothing_for_everybody')}
        </li>
    );
}

function Chip({ chip }: { chip: ReasonChip }) {
    if (chip.key === 'alternative') return <Alternative campaign={chip.value} />;
    // The agent says it only where the shop's own receipts prove the price (docs/offers.md, Fairness).
    if (chip.key === 'was_minor')
        return <li data-chip="was">{t('price_before')} <s>{money(Number(chip.value))}</s></li>;
    return <li>{reason(chip)}</li>;
}

export function Chips({ card }: { card: Card }) {
    const shown = reasons(card);
    if (!shown.length) return null;
    return <ul class="chips">{shown.map((chip) => <Chip key={`${chip.key} ${chip.value}`} chip={chip} />)}</ul>;
}
