// How the doors and zones of the shop are counted, and how far that can be trusted.
import { useEffect, useState } from 'preact/hooks';
import { call, knowsWho } from './api';
import { count, percent, spoken } from './format';
import { Chart, Target } from './icons';
import { Editor } from './scene';
import { lang, who } from './settings';
import { say } from './store';
import { TapPanel } from './tap';
import type { Door, Floor, Heat, Session, ZoneHour } from './floor_types';
import { t } from './words';

const LOOK_MS = 5000;

const seconds = (s: number) => (s ? spoken(s * 1000) : '0');
const people = (milli: number) => new Intl.NumberFormat(lang.value, { maximumFractionDigits: 1 })
    .format(milli / 1000);
const day = (at: string) => new Intl.DateTimeFormat(lang.value, { dateStyle: 'medium' }).format(new Date(at));

// Whatever took something away from a door's confidence, in words.
function Why({ door }: { door: Door }) {
    const { blind_s, light_s, late_frames, accuracy_permille } = door.why;
    const measured = door.measured;
    const grounds = [
        blind_s > 0 && t('why_blind', { time: seconds(blind_s) }),
        light_s > 0 && t('why_light', { time: seconds(light_s) }),
        late_frames > 0 && t('why_late', { n: count(late_frames) }),
        measured && t('why_measured', {
            share: percent(accuracy_permille), low: percent(measured.low_permille),
            high: percent(measured.high_permille), n: count(measured.people), day: day(measured.to), by: measured.by,
        }),
        measured?.stale && t('why_stale'),
        measured?.sums && t('why_sums'),
        !measured && t('why_unmeasured'),
    ].filter(Boolean);
    return <ul class="why small muted">{grounds.map((text) => <li key={String(text)}>{text}</li>)}</ul>;
}

function DoorCard({ door, busy, onTap }: { door: Door; busy?: Session; onTap: () => void }) {
    const facts: [string, string][] = [
        [t('way_in'), count(door.in)], [t('way_out'), count(door.out)],
        [t('confidence'), percent(door.confidence_permille)],
    ];
    return (
        <article class="card door" data-door={door.door}>
            <h3>{door.door}</h3>
            <dl class="facts">
                {facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
            </dl>
            <Why door={door} />
            <button type="button" class="secondary wide" data-step="measure" onClick={onTap}
                disabled={busy !== undefined && busy.by !== who.value}>
                <Target /> {busy && busy.by !== who.value ? t('measured_by', { by: busy.by }) : t('measure')}
            </button>
        </article>
    );
}

function Zones({ floor }: { floor: Floor }) {
    const now = new Map(floor.zones_now.map((zone) => [zone.zone, zone]));
    const last = new Map<string, ZoneHour>(); // the hour under way, or the last one with anything in it
    for (const zone of floor.zones) last.set(zone.zone, zone);
    if (!last.size) return <p class="muted">{t('no_zones')}</p>;
    return (
        <div class="scroll" tabIndex={0} role="group" aria-label={t('zones')}>
            <table id="zones">
                <thead>
                    <tr>
                        <th scope="col">{t('zone')}</th><th scope="col">{t('now')}</th><th scope="col">{t('mean')}</th>
                        <th scope="col">{t('peak')}</th><th scope="col">{t('stays')}</th>
                        <th scope="col">{t('dwell')}</th><th scope="col">{t('given_up')}</th>
                    </tr>
                </thead>
                <tbody>
                    {[...last.values()].map((zone) => (
                        <tr key={zone.zone}>
                            <th scope="row">{zone.zone}</th>
                            <td>{now.has(zone.zone) ? people(now.get(zone.zone)!.mean_milli) : '–'}</td>
                            <td>{people(zone.mean_milli)}</td>
                            <td>{count(zone.peak)}</td>
                            <td>{count(zone.stays)}</td>
                            <td>{zone.stays ? `${seconds(zone.p50_s)} / ${seconds(zone.p95_s)}` : '–'}</td>
                            <td>{zone.use === 'queue' ? count(zone.given_up) : '–'}</td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    );
}

// Brighter where people were longer, by the square root: a till must not hide the rest.
function HeatGrid({ heat }: { heat: Heat }) {
    const most = Math.max(...heat.cells.map(([, ms]) => ms), 1);
    const total = heat.cells.reduce((sum, [, ms]) => sum + ms, 0);
    const label = t('heat_label', { camera: heat.camera, time: seconds(Math.round(total / 1000)) });
    return (
        <figure class="heat">
            <svg viewBox={`0 0 ${heat.columns} ${heat.rows}`} role="img" aria-label={label} preserveAspectRatio="none">
                {heat.cells.map(([cell, ms]) => (
                    <rect key={cell} x={cell % heat.columns} y={Math.floor(cell / heat.columns)} width="1.02" height="1.02"
                        opacity={Math.sqrt(ms / most)} />
                ))}
            </svg>
            <figcaption class="small muted">{label}</figcaption>
        </figure>
    );
}

function Ways({ floor }: { floor: Floor }) {
    if (!floor.steps.length) return null;
    return (
        <section>
            <h2 class="heading">{t('ways')}</h2>
            <ul class="chips">
                {floor.steps.map((step) => (
                    <li key={`${step.from} ${step.to}`}>{step.from} → {step.to}: {count(step.n)}</li>
                ))}
            </ul>
        </section>
    );
}

function Doors({ floor, onSession }: { floor: Floor; onSession: (session: Session) => void }) {
    const begin = async (door: string) => {
        if (!knowsWho()) return;
        const reply = await call('POST', '/api/v1/calibrations', { door, by: who.value });
        if (reply.status === 200) onSession(reply.body as unknown as Session);
        else say(t(reply.status === 409 ? 'door_busy' : 'not_done'), true);
    };
    if (!floor.doors.length) return <p class="muted">{t('no_doors')}</p>;
    return (
        <div class="cards">
            {floor.doors.map((door) => (
                <DoorCard key={door.door} door={door} onTap={() => void begin(door.door)}
                    busy={floor.calibrations.find((session) => session.door === door.door)} />
            ))}
        </div>
    );
}

export function FloorPane() {
    const [floor, setFloor] = useState<Floor | null>(null);
    const [session, setSession] = useState<Session | null>(null);
    const [editing, setEditing] = useState(false);
    useEffect(() => {
        let over = false;
        const look = async () => {
            const reply = await call('GET', '/api/v1/footfall');
            if (!over && reply.status === 200) setFloor(reply.body as unknown as Floor);
        };
        void look();
        const timer = setInterval(() => void look(), LOOK_MS);
        return () => { over = true; clearInterval(timer); };
    }, []);
    if (session) return <TapPanel session={session} onClose={() => setSession(null)} />;
    if (editing) return <Editor onClose={() => setEditing(false)} />;
    if (!floor) return <p class="muted floor">{t('connecting')}</p>;
    const heats = floor.heat.filter((heat) => heat.cells.length > 0);
    return (
        <section class="floor" aria-label={t('floor')}>
            <div class="heading"><h2>{t('doors')}</h2><span class="gap" />
                <button type="button" class="secondary" id="edit-scene" onClick={() => setEditing(true)}>
                    <Chart /> {t('edit_scene')}
                </button>
            </div>
            <Doors floor={floor} onSession={setSession} />
            <h2 class="heading">{t('zones')}</h2>
            <Zones floor={floor} />
            {heats.length > 0 && <>
                <h2 class="heading">{t('heat')}</h2>
                <div class="cards">{heats.map((heat) => <HeatGrid key={heat.camera} heat={heat} />)}</div>
            </>}
            <Ways floor={floor} />
        </section>
    );
}
