import { render, type JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { CampaignsPane } from './campaigns';
import { CheckInPane } from './checkin';
import { connect } from './connection';
import { Feed, Welcome } from './feed';
import { Banner, Header } from './header';
import { FloorPane } from './floor';
import { Chart, Door, Scan, Tag } from './icons';
import { who } from './settings';
import { SettingsDialog } from './settings_dialog';
import { notice, open, shop } from './store';
import { t } from './words';

type Tab = 'offers' | 'checkin' | 'campaigns' | 'floor';
const NOTICE_MS = 4500;

function Notice() {
    const now = notice.value;
    useEffect(() => {
        const timer = setTimeout(() => { notice.value = null; }, NOTICE_MS);
        return () => clearTimeout(timer);
    }, [now?.n]);
    return (
        <div role="status" class="notices">
            {now && <p key={now.n} class={now.bad ? 'notice bad' : 'notice'}>{now.text}</p>}
        </div>
    );
}

// On a phone one pane at a time; on a tablet offers and check-in stand side by side under the first tab.
function Tabs({ tab, onTab }: { tab: Tab; onTab: (tab: Tab) => void }) {
    const waiting = open.value.length;
    const tabs: [Tab, string, () => JSX.Element][] =
        [['offers', t('offers'), Tag], ['checkin', t('check_in'), Scan],
            ['campaigns', t('campaigns'), Chart], ['floor', t('floor'), Door]];
    return (
        <nav class="tabs" aria-label="Aisle">
            {tabs.map(([id, text, Icon]) => (
                <button type="button" key={id} id={`tab-${id}`} aria-current={tab === id ? 'page' : undefined}
                    onClick={() => onTab(id)}>
                    <Icon /><span>{text}</span>
                    {id === 'offers' && waiting > 0 && <span class="badge">{waiting}</span>}
                </button>
            ))}
        </nav>
    );
}

function App() {
    const [tab, setTab] = useState<Tab>('offers');
    const [settings, setSettings] = useState(false);
    const main = useRef<HTMLElement>(null);
    const waiting = open.value.length;
    useEffect(() => {
        document.title = `${waiting ? `(${waiting}) ` : ''}${shop.value?.name ?? 'Aisle'}`;
    });
    return (
        <div class="page" data-tab={tab}>
            <Header onSettings={() => setSettings(true)} />
            <Banner />
            <main ref={main}>
                {!who.value && <Welcome />}
                <Feed />
                <CheckInPane />
                {tab === 'campaigns' && <CampaignsPane />}
                {tab === 'floor' && <FloorPane />}
            </main>
            <Tabs tab={tab} onTab={(next) => { setTab(next); main.current?.scrollTo(0, 0); }} />
            <Notice />
            {settings && <SettingsDialog onClose={() => setSettings(false)} />}
        </div>
    );
}

render(<App />, document.getElementById('app')!);
connect();
