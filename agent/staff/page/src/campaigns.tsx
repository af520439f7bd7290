// The campaigns of this shop: budgets, today's funnel, who was left alone for the comparison, and a way to stop one.
import { useEffect, useState } from 'preact/hooks';
import { call, knowsWho } from './api';
import type { Campaign, Funnel, Side, Steps } from './campaign_types';
import { count, money, percent } from './format';
import { lang, who } from './settings';
import { say } from './store';
import { t, tryT } from './words';

const LOOK_MS = 5000;
const STEPS = ['triggered', 'eligible', 'offered', 'accepted', 'redeemed'] as const;

export const campaignTitle = (campaign: Campaign) => campaign.title[lang.value] ?? campaign.title['zh-CN']
    ?? campaign.title.en ?? Object.values(campaign.title)[0] ?? campaign.campaign;

const permille = (part: number, whole: number) => (whole > 0 ? Math.round(part / whole * 1000) : null);

// Each step beside the one before it: bars on one scale, so that the eye sees where people go.
function FunnelChart({ steps }: { steps: Steps }) {
    const most = Math.max(steps.triggered, 1);
    return (
        <ol class="card funnel" id="funnel">
            {STEPS.map((step, n) => {
                const before = n > 0 ? percent(permille(steps[step], steps[STEPS[n - 1]])) : '';
                return (
                    <li key={step} data-step={step}>
                        <span>{t(`f_${step}`)}</span>
                        <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                            <rect width={steps[step] / most * 100} height="10" />
                        </svg>
                        <strong>{count(steps[step])}</strong>
                        <span class="small muted">{n > 0 && t('of_before', { share: before })}</span>
                    </li>
                );
            })}
        </ol>
    );
}

function Budget({ campaign }: { campaign: Campaign }) {
    const budget = campaign.budget;
    if (!budget) return <p class="muted small">{t('no_budget')}</p>;
    const whole = Math.max(budget.spent + budget.reserved + budget.left, 1);
    const spent = budget.spent / whole * 100;
    const text = t(budget.leased ? 'budget_leased' : 'budget_label', {
        spent: money(budget.spent), reserved: money(budget.reserved), left: money(budget.left), budget: money(budget.budget),
    });
    return (
        <figure class="budget">
            <svg viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label={`${t('budget')}: ${text}`}>
                <rect class="spent" width={spent} height="10" />
                <rect class="reserved" x={spent} width={budget.reserved / whole * 100} height="10" />
            </svg>
            <figcaption class="small muted">{text}</figcaption>
        </figure>
    );
}

function Trial({ campaign }: { campaign: Campaign }) {
    const trial = campaign.trial;
    if (!trial) return null;
    const row = (name: string, side: Side) => (
        <tr>
            <th scope="row">{name}</th><td>{count(side.exposed)}</td>
            <td>{side.observed > 0 ? money(side.mean) : '–'}</td>
        </tr>
    );
    const note = trial.mismatched ? t('trial_mismatch')
        : trial.needed > 0 ? t('trial_needed', { n: count(trial.needed) }) : t('trial_enough');
    return (
        <div class="trial">
            <table>
                <thead>
                    <tr><th scope="col">{t('group')}</th><th scope="col">{t('units')}</th><th scope="col">{t('mean_spent')}</th></tr>
                </thead>
                <tbody>{row(t('prompted'), trial.treated)}{row(t('left_alone'), trial.withheld)}</tbody>
            </table>
            <p class={trial.mismatched ? 'blind' : 'small muted'}>{note}</p>
        </div>
    );
}

function standing(campaign: Campaign): string {
    if (campaign.paused === 'stopped_here') return t('is_stopped');
    if (campaign.paused) return t('is_guarded', { why: tryT(`g_${campaign.paused}`) ?? campaign.paused });
    return t(campaign.state === 'live' ? 'runs' : 'is_paused');
}

// Asked once more before it is done: the whole shop feels it at once.
function Stop({ campaign, onDone }: { campaign: Campaign; onDone: () => void }) {
    const [asking, setAsking] = useState(false);
    const stop = async () => {
        if (!knowsWho()) return;
        const reply = await call('POST', `/api/v1/campaigns/${encodeURIComponent(campaign.campaign)}:stop`, { by: who.value });
        say(t(reply.status === 200 ? 'stop_done' : reply.status === 0 ? 'not_sent' : 'not_done'), reply.status !== 200);
        setAsking(false);
        onDone();
    };
    if (campaign.paused || campaign.state !== 'live') return null;
    if (!asking)
        return (
            <button type="button" class="secondary wide" data-step="stop" onClick={() => setAsking(true)}>{t('stop_here')}</button>
        );
    return (
        <div class="skip" role="group" aria-label={t('stop_sure')}>
            <p>{t('stop_sure')}</p>
            <p class="small muted">{t('stop_hint')}</p>
            <div class="choices">
                <button type="button" data-step="stop-yes" onClick={() => void stop()}>{t('stop_yes')}</button>
                <button type="button" class="quiet" onClick={() => setAsking(false)}>{t('back')}</button>
            </div>
        </div>
    );
}

function CampaignCard({ campaign, steps, onDone }: { campaign: Campaign; steps?: Steps; onDone: () => void }) {
    const runs = !campaign.paused && campaign.state === 'live';
    return (
        <article class={runs ? 'card campaign' : 'card campaign off'} data-campaign={campaign.campaign}>
            <p class={`kind ${campaign.action}`}>{tryT(`a_${campaign.action}`) ?? campaign.action}
                <span class="trigger">{tryT(`t_${campaign.trigger}`) ?? campaign.trigger}</span></p>
            <h3>{campaignTitle(campaign)}</h3>
            <p class="whom"><span class={runs ? 'chip' : 'chip bad'} data-standing>{standing(campaign)}</span>
                {campaign.live > 0 && <span class="muted">{t('on_now', { n: count(campaign.live) })}</span>}</p>
            <Budget campaign={campaign} />
            {steps && (
                <dl class="facts five">
                    {STEPS.map((step) => <div key={step}><dt>{t(`f_${step}`)}</dt><dd>{count(steps[step])}</dd></div>)}
                </dl>
            )}
            <Trial campaign={campaign} />
            <Stop campaign={campaign} onDone={onDone} />
        </article>
    );
}

export function CampaignsPane() {
    const [campaigns, setCampaigns] = useState<Campaign[] | null>(null);
    const [leftOut, setLeftOut] = useState(0);
    const [funnel, setFunnel] = useState<Funnel | null>(null);
    const look = async () => {
        const [list, steps] = await Promise.all([call('GET', '/api/v1/campaigns'), call('GET', '/api/v1/funnel')]);
        if (list.status === 200) {
            setCampaigns(list.body.campaigns as Campaign[]);
            setLeftOut(Number(list.body.left_out));
        }
        if (steps.status === 200) setFunnel(steps.body as unknown as Funnel);
    };
    useEffect(() => {
        void look();
        const timer = setInterval(() => void look(), LOOK_MS);
        return () => clearInterval(timer);
    }, []);
    if (!campaigns) return <p class="muted floor">{t('connecting')}</p>;
    return (
        <section class="floor" aria-label={t('campaigns')}>
            {funnel && <><h2 class="heading">{t('funnel')}</h2><FunnelChart steps={funnel.all} /></>}
            <h2 class="heading">{t('campaigns')} <span class="n">{campaigns.length}</span></h2>
            {campaigns.length === 0 && <p class="muted">{t('no_campaigns')}</p>}
            <div class="cards">
                {campaigns.map((campaign) => (
                    <CampaignCard key={campaign.campaign} campaign={campaign} onDone={() => void look()}
                        steps={funnel?.campaigns[campaign.campaign]} />
                ))}
            </div>
            {leftOut > 0 && <p class="muted">{t('more_campaigns', { n: count(leftOut) })}</p>}
        </section>
    );
}
