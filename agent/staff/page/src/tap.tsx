// Somebody stands at a door and taps everyone who goes over its line. What the door counts meanwhile is not shown:
// who sees it taps what it says.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { call } from './api';
import { count, percent, spoken } from './format';
import { who } from './settings';
import { say } from './store';
import { tick } from './clock';
import type { Measured, Score, Session } from './floor_types';
import { t } from './words';

type Kind = 'in' | 'out' | 'undo';
interface Tap {
    n: number;
    kind: Kind;
    at: number; // of performance.now(): the tablet's own clock may be wrong
}

const PER_CALL = 64;
const AGAIN_MS = 1000;

// Holds every tap until the agent has it, and tells them in their order.
class TapQueue {
    private waiting: Tap[] = [];
    private told: number;
    private busy = false;
    private over = false;

    constructor(private readonly id: string, taps: number, private readonly onLost: () => void) { this.told = taps; }

    add(kind: Kind): void {
        this.waiting.push({ n: ++this.told, kind, at: performance.now() });
        void this.flush();
    }

    stop(): void { this.over = true; }

    async flush(): Promise<boolean> {
        if (this.busy || this.over) return false;
        this.busy = true;
        while (this.waiting.length && !this.over) {
            const some = this.waiting.slice(0, PER_CALL);
            const now = performance.now();
            const taps = some.map(({ n, kind, at }) => ({ n, kind, ago_ms: Math.round(now - at) }));
            const reply = await call('POST', `/api/v1/calibrations/${this.id}:tap`, { taps });
            if (reply.status === 200) this.waiting = this.waiting.filter((tap) => tap.n > some[some.length - 1].n);
            else if (reply.status === 404) this.lose();
            else await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
        }
        this.busy = false;
        return !this.over;
    }

    async drained(): Promise<boolean> {
        while (this.waiting.length && !this.over) {
            await this.flush();
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
        return !this.over;
    }

    private lose(): void {
        this.over = true;
        this.onLost();
    }
}

function ScoreRow({ name, score }: { name: string; score: Score }) {
    return (
        <tr>
            <th scope="row">{name}</th><td>{count(score.tapped)}</td><td>{count(score.counted)}</td>
            <td>{count(score.right)}</td><td>{count(score.missed)}</td><td>{count(score.phantom)}</td>
        </tr>
    );
}

function Result({ found, onClose }: { found: Measured; onClose: () => void }) {
    const net = found.net;
    return (
        <div class="card result" id="result" tabIndex={-1}>
            <h2>{t('result_of', { door: found.door })}</h2>
            <p class="share">{percent(found.accuracy_permille)}</p>
            <p>{t('result_range', {
                low: percent(found.low_permille), high: percent(found.high_permille), n: count(found.people),
            })}</p>
            {net && <p class="muted">{t('result_net', {
                net: percent(net.permille), low: percent(net.low_permille), high: percent(net.high_permille),
            })}</p>}
            {!found.kept && <p class="blind">{t('result_few')}</p>}
            {found.unjudged > 0 && <p class="muted">{t('result_unjudged', { n: count(found.unjudged) })}</p>}
            {found.sums && <p class="muted">{t('why_sums')}</p>}
            <div class="scroll" tabIndex={0} role="group" aria-label={t('result_of', { door: found.door })}>
                <table>
                    <thead><tr>
                        <td /><th scope="col">{t('tapped')}</th><th scope="col">{t('counted')}</th>
                        <th scope="col">{t('right')}</th><th scope="col">{t('missed')}</th>
                        <th scope="col">{t('phantom')}</th>
                    </tr></thead>
                    <tbody>
                        <ScoreRow name={t('way_in')} score={found.in} />
                        <ScoreRow name={t('way_out')} score={found.out} />
                    </tbody>
                </table>
            </div>
            <button type="button" class="primary" id="result-close" onClick={onClose}>{t('finish')}</button>
        </div>
    );
}

function useResult(id: string, waiting: boolean, onDone: (found: Measured) => void, onLost: () => void): void {
    useEffect(() => {
        if (!waiting) return;
        const timer = setInterval(async () => {
            const reply = await call('GET', `/api/v1/calibrations/${id}`);
            const session = reply.body as unknown as Session;
            if (reply.status === 200 && session.result) onDone(session.result);
            if (reply.status === 404) onLost();
        }, AGAIN_MS);
        return () => clearInterval(timer);
    }, [waiting]);
}

const KEYS: Record<string, Kind> = { ArrowUp: 'in', i: 'in', ArrowDown: 'out', o: 'out', Backspace: 'undo' };

export function TapPanel({ session, onClose }: { session: Session; onClose: () => void }) {
    const tapped = useRef<Kind[]>([]); // a quick second tap comes before the first is drawn
    const [tally, setTally] = useState<Kind[]>([]);
    const [ended, setEnded] = useState(false);
    const [found, setFound] = useState<Measured | null>(null);
    const panel = useRef<HTMLDivElement>(null);
    const lost = () => { say(t('tap_lost'), true); onClose(); };
    const queue = useRef<TapQueue | null>(null);
    queue.current ??= new TapQueue(session.id, session.taps, lost);
    const begun = useRef(performance.now());
    // Before it is drawn: who sees the pads can use the keys.
    useLayoutEffect(() => { panel.current?.focus(); return () => queue.current?.stop(); }, []);
    useEffect(() => { document.getElementById('result')?.focus(); }, [found]);
    useResult(session.id, ended && !found, setFound, lost);

    const tap = (kind: Kind) => {
        if (ended) return;
        if (kind === 'undo' && !tapped.current.length) return;
        queue.current!.add(kind);
        tapped.current = kind === 'undo' ? tapped.current.slice(0, -1) : [...tapped.current, kind];
        setTally(tapped.current);
    };
    const end = async () => {
        setEnded(true);
        if (!await queue.current!.drained()) return;
        const reply = await call('POST', `/api/v1/calibrations/${session.id}:end`, { by: who.value });
        if (reply.status !== 200) { setEnded(false); say(t('not_sent'), true); }
    };
    const cancel = () => {
        void call('POST', `/api/v1/calibrations/${session.id}:cancel`, { by: who.value });
        onClose();
    };
    if (found) return <Result found={found} onClose={onClose} />;
    const n = (kind: Kind) => tally.filter((each) => each === kind).length + (session[kind as 'in' | 'out'] ?? 0);
    void tick.value; // once a second: the time
    return (
        <div class="tapping" ref={panel} tabIndex={-1} onKeyDown={(event) => {
            const kind = KEYS[event.key];
            if (kind) { event.preventDefault(); tap(kind); }
        }}>
            <h2 class="heading">{t('tapping_at', { door: session.door })}</h2>
            <p class="muted">{t('tap_hint')}</p>
            <div class="pads">
                <button type="button" class="pad" data-tap="in" disabled={ended} onClick={() => tap('in')}>
                    <strong>{t('way_in')}</strong><span>{count(n('in'))}</span>
                </button>
                <button type="button" class="pad out" data-tap="out" disabled={ended} onClick={() => tap('out')}>
                    <strong>{t('way_out')}</strong><span>{count(n('out'))}</span>
                </button>
            </div>
            <p class="muted" id="tap-time">{spoken(performance.now() - begun.current)}</p>
            <div class="row">
                <button type="button" class="secondary" id="tap-undo" disabled={ended || !tally.length}
                    onClick={() => tap('undo')}>{t('undo')}</button>
                <button type="button" class="quiet" id="tap-cancel" disabled={ended} onClick={cancel}>{t('cancel')}</button>
                <span class="gap" />
                <button type="button" class="primary" id="tap-end" disabled={ended} onClick={() => void end()}>
                    {t('tap_end')}
                </button>
            </div>
            <p role="status" class="muted">{ended ? t('tap_settling') : ''}</p>
        </div>
    );
}
