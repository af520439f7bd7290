// One offer: what it is, whom it is for, why, how long still, and the next step.
import { useState } from 'preact/hooks';
import { act } from './api';
import { Chips } from './chips';
import { tick } from './clock';
import { countdown, lifecycle, money, spoken, tier, title, where } from './format';
import { Check, Gift, Percent, Pin, Tag } from './icons';
import { busy, shop } from './store';
import type { Card } from './types';
import { WhyNot } from './whynot';
import { t, tryT } from './words';

const URGENT_MS = 60_000;
const RING = 2 * Math.PI * 19; // circumference

function Countdown({ card }: { card: Card }) {
    const left = Math.max(0, card.ends - tick.value);
    const part = card.wait_ms > 0 ? Math.min(1, left / card.wait_ms) : 0;
    return (
        <div class={left < URGENT_MS ? 'ring urgent' : 'ring'} role="timer"
            aria-label={t('time_left', { left: spoken(left) })}>
            <svg viewBox="0 0 44 44" aria-hidden="true">
                <circle class="track" cx="22" cy="22" r="19" />
                <circle class="left" cx="22" cy="22" r="19" stroke-dasharray={RING}
                    stroke-dashoffset={RING * (1 - part)} transform="rotate(-90 22 22)" />
            </svg>
            <span aria-hidden="true">{countdown(left)}</span>
        </div>
    );
}

function Kind({ card }: { card: Card }) {
    const Icon = card.action === 'gift' ? Gift : card.action === 'pct_off' ? Percent : Tag;
    return (
        <p class={`kind ${card.action}`}>
            <Icon />{tryT(`a_${card.action}`) ?? card.action}
            <span class="trigger">{tryT(`t_${card.trigger}`) ?? card.trigger}</span>
        </p>
    );
}

function Whom({ card }: { card: Card }) {
    if (!card.handle && !card.tier && !card.lifecycle) return null;
    return (
        <p class="whom">
            {card.tier && <span class={`tier ${card.tier}`}>{tier(card.tier)}</span>}
            {card.handle && <span class="handle">{card.handle}</span>}
            {card.lifecycle && <span class="muted">{lifecycle(card.lifecycle)}</span>}
        </p>
    );
}

function Code({ card }: { card: Card }) {
    if (!card.code) return null;
    const src = (kind: string) => `/api/v1/offers/${card.id}/code.svg?kind=${kind}`;
    const digits = `${card.code.slice(0, 1)} ${card.code.slice(1, 7)} ${card.code.slice(7)}`;
    return (
        <figure class="code">
            <figcaption>{t('code')}</figcaption>
            <div class="pictures">
                <img class="bars" src={src('ean13')} alt={t('barcode', { code: card.code })} />
                <img class="qr" src={src('qr')} alt={t('qr', { code: card.code })} />
            </div>
            <p class="digits">{digits}</p>
        </figure>
    );
}

function Reasons({ card, onBack }: { card: Card; onBack: () => void }) {
    const waiting = busy.value.has(card.id);
    // The campaign's own list goes before the shop's; an id that we have no words for is shown as it is.
    const names = card.decline_reasons.length > 0 ? card.decline_reasons : shop.value?.decline_reasons ?? [];
    return (
        <div class="skip" role="group" aria-label={t('why_skip')}>
            <p>{t('why_skip')}</p>
            <div class="choices">
                {names.map((name) => (
                    <button type="button" key={name} disabled={waiting} data-reason={name}
                        onClick={() => act(card, 'decline', name)}>
                        {tryT(`r_${name}`) ?? name}
                    </button>
                ))}
                <button type="button" class="quiet" onClick={onBack}>{t('back')}</button>
            </div>
        </div>
    );
}

// The next step is the big button; skipping is always possible, and quieter.
function Steps({ card, onSkip }: { card: Card; onSkip: () => void }) {
    const waiting = busy.value.has(card.id);
    const step = card.state === 'offered' ? 'accept' : card.state === 'accepted' ? 'present' : 'redeem';
    // The customer chooses before the gift is given: then each one is a button.
    if (step === 'redeem' && !card.gift_sku && (card.gift_choices?.length ?? 0) > 0) return (
        <div class="steps" role="group" aria-label={t('which_gift')}>
            {card.gift_choices?.map((sku) => (
                <button type="button" class="primary" key={sku} data-gift={sku} disabled={waiting}
                    onClick={() => act(card, step, sku)}>
                    <Check />{sku}
                </button>
            ))}
            <button type="button" class="secondary" data-step="decline" onClick={onSkip}>
                {t('decline')}
            </button>
        </div>
    );
    return (
        <div class="steps">
            <button type="button" class="primary" data-step={step} disabled={waiting}
                aria-busy={waiting} onClick={() => act(card, step)}>
                {step === 'redeem' && <Check />}{t(step)}
            </button>
            <button type="button" class="secondary" data-step="decline" onClick={onSkip}>
                {t('decline')}
            </button>
        </div>
    );
}

export function OfferCard({ card }: { card: Card }) {
    const [skipping, setSkipping] = useState(false);
    const mine = card.state !== 'offered';
    const [place, ...places] = where(card);
    return (
        <article class={mine ? 'card mine' : 'card'} data-offer={card.id} data-state={card.state}
            aria-label={title(card)}>
            <header>
                <div class="place">
                    <Pin /><strong>{place ?? tryT(`t_${card.trigger}`)}</strong>
                    {places.map((other) => <span key={other}>{other}</span>)}
                </div>
                <Countdown card={card} />
            </header>
            <Kind card={card} />
            <h3>{title(card)}</h3>
            {card.value > 0 && (
                <p class="value">
                    {t(card.action === 'gift' ? 'worth' : 'up_to', { money: money(card.value) })}
                </p>
            )}
            <Whom card={card} />
            <Chips card={card} />
            <WhyNot verdicts={card.why_not} />
            {mine && <Code card={card} />}
            {skipping ? <Reasons card={card} onBack={() => setSkipping(false)} />
                : <Steps card={card} onSkip={() => setSkipping(true)} />}
        </article>
    );
}

// A colleague's card: enough to know that somebody is on the way.
export function TakenCard({ card }: { card: Card }) {
    return (
        <li class="taken" data-offer={card.id} data-state={card.state}>
            <span class="avatar" aria-hidden="true">{card.by.slice(0, 2) || '?'}</span>
            <div>
                <p><strong>{t('taken_by', { by: card.by || '?' })}</strong>
                    <span class="muted">{tryT(`s_${card.state}`)}</span></p>
                <p class="muted">{[title(card), where(card)[0]].filter(Boolean).join(' · ')}</p>
            </div>
            <span class="muted time">{countdown(card.ends - tick.value)}</span>
        </li>
    );
}
