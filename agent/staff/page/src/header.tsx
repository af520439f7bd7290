// The head of the page: the shop, the connection and the figures of the day.
import { wallTick } from './clock';
import { connected, lostSince } from './connection';
import { count, countdown, percent, spoken } from './format';
import { Bell, BellOff, Gear } from './icons';
import { mutedUntil, toggleMute, who } from './settings';
import { shop, today } from './store';
import { t } from './words';

const SHOWN_AFTER_MS = 1500; // a reconnect that takes a blink is nobody's business
const BLIND_TOLD_S = 60;

function Mute() {
    const left = mutedUntil.value - wallTick.value;
    const muted = left > 0;
    const label = muted ? t('muted', { left: spoken(Math.ceil(left / 60_000) * 60_000) }) : t('mute');
    return (
        <button type="button" class={muted ? 'round pressed' : 'round'} id="mute" aria-pressed={muted}
            aria-label={label} title={label} onClick={toggleMute}>
            {muted ? <BellOff /> : <Bell />}
            {muted && <span class="badge" aria-hidden="true">{countdown(left)}</span>}
        </button>
    );
}

function Figures() {
    const day = today.value;
    const figures: [string, string, string][] = [
        ['entries', t('entries'), day ? count(day.entries) : '–'],
        ['inside', t('inside'), day ? count(day.inside) : '–'],
        ['sales', t('sales'), day ? count(day.sales) : '–'],
        ['conversion', t('conversion'), day ? percent(day.conversion_permille) : '–'],
    ];
    return (
        <dl class="figures">
            {figures.map(([id, name, value]) => <div key={id} id={`figure-${id}`}><dt>{name}</dt><dd>{value}</dd></div>)}
        </dl>
    );
}

export function Banner() {
    const lost = lostSince.value;
    const age = wallTick.value - lost;
    const shown = lost > 0 && age > SHOWN_AFTER_MS;
    return (
        <div role="status">
            {shown && <p class="banner" id="lost">{t('lost', { age: spoken(age) })}</p>}
        </div>
    );
}

export function Header({ onSettings }: { onSettings: () => void }) {
    const blind = today.value?.blind_s ?? 0;
    return (
        <header class="top">
            <div class="bar">
                <img src="/icon.svg" alt="" width="32" height="32" />
                <h1>{shop.value?.name ?? 'Aisle'}</h1>
                <span class={connected.value ? 'dot on' : 'dot'}>
                    {t(connected.value ? 'live' : 'connecting')}
                </span>
                <span class="gap" />
                <Mute />
                <button type="button" class={who.value ? 'round name' : 'round'} id="settings-button"
                    aria-label={who.value ? `${t('settings')} (${who.value})` : t('settings')}
                    onClick={onSettings}>
                    {who.value ? who.value.slice(0, 4) : <Gear />}
                </button>
            </div>
            <Figures />
            {blind > BLIND_TOLD_S && <p class="blind">{t('blind', { min: Math.round(blind / 60) })}</p>}
        </header>
    );
}
