// A customer shows a member card: who it is, in what may be known, what to ask once, what is on for them.
import { useEffect, useRef, useState } from 'preact/hooks';
import { answerConsent, checkIn } from './api';
import { OfferCard } from './card';
import { agentNow, tick } from './clock';
import { category, count, daysAgo, lifecycle, money, tier } from './format';
import { Person, Scan } from './icons';
import { lang } from './settings';
import { cards, visit } from './store';
import type { CheckIn, Profile } from './types';
import { WhyNot } from './whynot';
import { t, tryT } from './words';

const FORGET_MS = 5 * 60 * 1000; // a profile that nobody has closed does not stay on the screen

function Score({ name, value }: { name: string; value: number }) {
    return (
        <div class="score" aria-hidden="true">
            <span>{name}</span>
            <span class="dots">{[1, 2, 3, 4, 5].map((n) => <i key={n} class={n <= value ? 'on' : ''} />)}</span>
        </div>
    );
}

function Facts({ profile }: { profile: Profile }) {
    const facts: [string, string][] = [
        [t('days_since'), daysAgo(profile.days_since_last)],
        [t('purchases'), count(profile.purchases)],
        [t('spent'), money(profile.spent)],
    ];
    return (
        <dl class="facts">
            {facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
        </dl>
    );
}

// What was bought last, without what it was: enough to begin a conversation.
function Bought({ profile }: { profile: Profile }) {
    if (!profile.last.length) return null;
    const day = new Intl.DateTimeFormat(lang.value, { dateStyle: 'medium' });
    return (
        <div class="bought">
            <span class="muted">{t('last_purchases')}</span>
            <ul>
                {profile.last.map(({ at, total, lines }) => (
                    <li key={at}>{t('bought', { day: day.format(new Date(at)), money: money(total), n: count(lines) })}</li>
                ))}
            </ul>
        </div>
    );
}

function Who({ profile }: { profile: Profile }) {
    const scores = { r: profile.recency, f: profile.frequency, m: profile.monetary };
    return (
        <div class="card profile">
            <div class="person">
                <span class="avatar big" aria-hidden="true"><Person /></span>
                <div>
                    <h3>{profile.handle}</h3>
                    <p class="whom">
                        {profile.tier && <span class={`tier ${profile.tier}`}>{tier(profile.tier)}</span>}
                        <span class="muted">
                            {profile.purchases > 0 ? lifecycle(profile.lifecycle) : t('unknown_member')}
                        </span>
                    </p>
                </div>
            </div>
            {profile.purchases > 0 && <>
                <Facts profile={profile} />
                <p class="spoken">{t('rfm', scores)}</p>
                <div class="scores">
                    <Score name={t('recency')} value={scores.r} />
                    <Score name={t('frequency')} value={scores.f} />
                    <Score name={t('monetary')} value={scores.m} />
                </div>
            </>}
            <Bought profile={profile} />
            {profile.favourites.length > 0 && (
                <p class="likes"><span class="muted">{t('likes')}</span>
                    {profile.favourites.map((name) => <span class="chip" key={name}>{category(name)}</span>)}</p>
            )}
        </div>
    );
}

function Question({ purpose }: { purpose: string }) {
    return (
        <div class="card question" data-purpose={purpose}>
            <p class="muted">{t('ask')}</p>
            <h3>{tryT(`ask_${purpose}`) ?? purpose}</h3>
            <div class="steps even">
                <button type="button" class="primary" onClick={() => answerConsent(purpose, true)}>{t('agree')}</button>
                <button type="button" class="secondary" onClick={() => answerConsent(purpose, false)}>{t('disagree')}</button>
            </div>
        </div>
    );
}

function Offers({ at }: { at: CheckIn }) {
    // As they stand now: a colleague may have taken one since.
    const now = at.offers.map((offer) => cards.value.get(offer.id))
        .filter((card) => card !== undefined).filter((card) => card.ends > tick.value);
    return (
        <section>
            <h2 class="heading">{t('customer_offers')} <span class="n">{now.length}</span></h2>
            {now.length === 0 ? <p class="muted">{t('no_customer_offers')}</p>
                : <div class="cards">{now.map((card) => <OfferCard key={card.id} card={card} />)}</div>}
        </section>
    );
}

function Visit({ at }: { at: CheckIn }) {
    const top = useRef<HTMLDivElement>(null);
    useEffect(() => {
        // On a tablet the offers beside it are not to jump away.
        top.current?.focus({ preventScroll: matchMedia('(min-width: 60rem)').matches });
        const left = Math.max(0, FORGET_MS - (agentNow() - at.now));
        const timer = setTimeout(() => { visit.value = null; }, left);
        return () => clearTimeout(timer);
    }, [at.key]);
    return (
        <div id="visit" ref={top} tabIndex={-1}>
            <Who profile={at.profile} />
            {at.ask.map((purpose) => <Question key={purpose} purpose={purpose} />)}
            <Offers at={at} />
            <WhyNot verdicts={at.why_not} nothing={at.offers.length === 0} />
            <button type="button" class="secondary wide" onClick={() => { visit.value = null; }}>{t('finish')}</button>
        </div>
    );
}

function Ask() {
    const [member, setMember] = useState('');
    const [waiting, setWaiting] = useState(false);
    const submit = async (event: Event) => {
        event.preventDefault();
        if (!member.trim() || waiting) return;
        setWaiting(true);
        if (await checkIn(member)) setMember(''); // the number is not to stay on the screen
        setWaiting(false);
    };
    return (
        <form class="card ask" onSubmit={submit}>
            <p class="scan-hint"><Scan />{t('scan_hint')}</p>
            <label for="member">{t('member')}</label>
            <div class="row">
                <input id="member" name="member" value={member} autocomplete="off" autocapitalize="off"
                    spellcheck={false} enterkeyhint="search" aria-describedby="member-privacy"
                    onInput={(event) => setMember(event.currentTarget.value)} />
                <button type="submit" class="primary" disabled={waiting}>{t(waiting ? 'looking' : 'look_up')}</button>
            </div>
            <p class="muted small" id="member-privacy">{t('privacy')}</p>
        </form>
    );
}

export function CheckInPane() {
    return (
        <section class="checkin" aria-label={t('check_in')}>
            <h2 class="heading">{t('check_in')}</h2>
            <Ask />
            {visit.value && <Visit at={visit.value} />}
        </section>
    );
}
