// The offers: mine, those that wait for somebody, and those that colleagues have.
import { useEffect, useState } from 'preact/hooks';
import { OfferCard, TakenCard } from './card';
import { connected } from './connection';
import { who } from './settings';
import { arrivals, mine, open, others, shop } from './store';
import { t } from './words';

const SPEAK_EVERY_MS = 5000; // a screen reader is not to be talked into the ground

// Says how many cards came, not each of them, and at most every few seconds.
function Spoken() {
    const [text, setText] = useState('');
    useEffect(() => {
        let told = arrivals.peek();
        const timer = setInterval(() => {
            const fresh = arrivals.peek() - told;
            told = arrivals.peek();
            setText(fresh ? t(fresh === 1 ? 'arrived_one' : 'arrived', { n: fresh }) : '');
        }, SPEAK_EVERY_MS);
        return () => clearInterval(timer);
    }, []);
    return <p class="spoken" aria-live="polite">{text}</p>;
}

// Stands above both panes until it is answered.
export function Welcome() {
    const [name, setName] = useState('');
    const save = (event: Event) => {
        event.preventDefault();
        if (name.trim()) who.value = name.trim();
    };
    return (
        <form class="card welcome" onSubmit={save}>
            <h2><label for="who">{t('welcome')}</label></h2>
            <p class="muted" id="who-hint">{t('welcome_hint')}</p>
            <div class="row">
                <input id="who" name="who" value={name} maxLength={10} autocomplete="off"
                    aria-describedby="who-hint" placeholder={t('who_example')}
                    onInput={(event) => setName(event.currentTarget.value)} />
                <button type="submit" class="primary">{t('save')}</button>
            </div>
        </form>
    );
}

function Empty() {
    const known = shop.value !== null;
    return (
        <div class="empty">
            <p>{known ? t('none_open') : t(connected.value ? 'first_look' : 'connecting')}</p>
            {known && <p class="muted">{t('none_hint')}</p>}
        </div>
    );
}

function Heading({ text, n }: { text: string; n: number }) {
    return <h2 class="heading">{text} <span class="n">{n}</span></h2>;
}

export function Feed() {
    return (
        <section class="feed" aria-label={t('offers')}>
            <Spoken />
            {mine.value.length > 0 && (
                <section id="mine">
                    <Heading text={t('mine')} n={mine.value.length} />
                    <div class="cards">{mine.value.map((card) => <OfferCard key={card.id} card={card} />)}</div>
                </section>
            )}
            <section id="open">
                <Heading text={t('open')} n={open.value.length} />
                {open.value.length === 0 ? <Empty />
                    : <div class="cards">{open.value.map((card) => <OfferCard key={card.id} card={card} />)}</div>}
            </section>
            {others.value.length > 0 && (
                <section id="others">
                    <Heading text={t('others')} n={others.value.length} />
                    <ul class="takens">{others.value.map((card) => <TakenCard key={card.id} card={card} />)}</ul>
                </section>
            )}
        </section>
    );
}
