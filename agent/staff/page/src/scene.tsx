// Draws lines and zones over what may be seen of a camera: boxes on grey, or on the floor without its people.
import { useEffect, useState } from 'preact/hooks';
import { call, knowsWho } from './api';
import { Picture } from './picture';
import { addLine, addPoint, addZone, drop, dropPoint, fewest, setFields, shapeAt, type Place } from './scene_model';
import { who } from './settings';
import { say } from './store';
import type { CameraView, Line, Point, Scene, Warning, Zone } from './floor_types';
import { t } from './words';

const LOOK_MS = 1000;
const CHECK_MS = 600;

const pathOf = (camera: string) => `/api/v1/cameras/${encodeURIComponent(camera)}/scene`;

// Every second while the editor is open.
function useCameras(): CameraView[] | null {
    const [cameras, setCameras] = useState<CameraView[] | null>(null);
    useEffect(() => {
        let over = false;
        const look = async () => {
            const reply = await call('GET', '/api/v1/cameras');
            if (!over && reply.status === 200) setCameras(reply.body.cameras as CameraView[]);
        };
        void look();
        const timer = setInterval(() => void look(), LOOK_MS);
        return () => { over = true; clearInterval(timer); };
    }, []);
    return cameras;
}

// What the agent thinks of a scene, once nobody has touched it for a moment.
function useWarnings(camera: string, scene: Scene | null): { warnings: Warning[]; fault: string } {
    const [found, setFound] = useState<{ warnings: Warning[]; fault: string }>({ warnings: [], fault: '' });
    useEffect(() => {
        if (!scene) return;
        let over = false;
        const timer = setTimeout(async () => {
            const reply = await call('POST', `${pathOf(camera)}:check`, { scene });
            if (over) return;
            if (reply.status === 200) setFound({ warnings: reply.body.warnings as Warning[], fault: '' });
            if (reply.status === 400) setFound({ warnings: [], fault: String(reply.body.detail) });
        }, CHECK_MS);
        return () => { over = true; clearTimeout(timer); };
    }, [camera, scene]);
    return found;
}

function Warnings({ warnings, fault }: { warnings: Warning[]; fault: string }) {
    return (
        <div role="status" id="scene-warnings">
            {fault && <p class="blind">{t('scene_bad', { why: fault })}</p>}
            {warnings.length > 0 && (
                <ul class="blind" aria-label={t('warnings')}>
                    {warnings.map(({ flaw, name, other }) => (
                        <li key={flaw + name + other} data-flaw={flaw}>{t(`f_${flaw}`, { name, other })}</li>
                    ))}
                </ul>
            )}
        </div>
    );
}

interface Shaping {
    scene: Scene;
    at: Place;
    onScene: (scene: Scene, at?: Place | null) => void;
}

function ShapeForm({ scene, at, onScene }: Shaping) {
    const shape = shapeAt(scene, at) as Line & Zone;
    const swap = () => onScene(setFields(scene, at, { swap: !shape.swap }));
    return (
        <div class="shape">
            <label for="shape-name">{t('name')}</label>
            <input id="shape-name" value={shape.name} maxLength={64} autocomplete="off"
                onInput={(event) => onScene(setFields(scene, at, { name: event.currentTarget.value }))} />
            {at.kind === 'zone' && <>
                <label for="shape-kind">{t('kind')}</label>
                <select id="shape-kind" value={shape.kind} onChange={(event) =>
                    onScene(setFields(scene, at, { kind: event.currentTarget.value as Zone['kind'] }))}>
                    <option value="area">{t('area')}</option><option value="queue">{t('queue')}</option>
                </select>
            </>}
            <div class="tools">
                {at.kind === 'line' && <button type="button" class="secondary" id="turn-round" onClick={swap}>
                    {t('turn_round')}</button>}
                <button type="button" class="secondary" id="add-point" onClick={() => onScene(addPoint(scene, at))}>
                    {t('add_point')}</button>
                <button type="button" class="secondary" disabled={shape.points.length <= fewest(at)}
                    onClick={() => onScene(dropPoint(scene, at), { ...at, point: 0 })}>{t('drop_point')}</button>
                <button type="button" class="secondary" id="drop-shape" onClick={() => onScene(drop(scene, at), null)}>
                    {t('drop')}</button>
            </div>
        </div>
    );
}

function SceneForm({ scene, onScene }: { scene: Scene; onScene: (scene: Scene) => void }) {
    return (
        <div class="shape">
            <label for="scene-view">{t('view')}</label>
            <select id="scene-view" value={scene.view}
                onChange={(event) => onScene({ ...scene, view: event.currentTarget.value as Scene['view'] })}>
                <option value="">{t('view_learnt')}</option><option value="above">{t('view_above')}</option>
                <option value="side">{t('view_side')}</option>
            </select>
            <label for="scene-uturn">{t('uturn')}</label>
            <input id="scene-uturn" type="number" min="0" max="600" value={scene.uturn_s}
                onInput={(event) => onScene({ ...scene, uturn_s: Number(event.currentTarget.value) || 0 })} />
            {scene.gates.length > 0 && (
                <p class="muted small">{t('gates_kept', { names: scene.gates.map((gate) => gate.name).join(', ') })}</p>
            )}
        </div>
    );
}

interface Loaded {
    scene: Scene;
    digest: string;
}

function useScene(camera: string): [Loaded | null, (loaded: Loaded) => void, () => void] {
    const [loaded, setLoaded] = useState<Loaded | null>(null);
    const load = async () => {
        const reply = await call('GET', pathOf(camera));
        if (reply.status === 200) setLoaded(reply.body as unknown as Loaded);
        else say(t('scene_bad', { why: String(reply.body.detail ?? '') }), true);
    };
    useEffect(() => { setLoaded(null); void load(); }, [camera]);
    return [loaded, setLoaded, () => void load()];
}

async function save(camera: string, { scene, digest }: Loaded): Promise<string | null> {
    const reply = await call('PUT', pathOf(camera), { scene, digest, by: who.value });
    const why = String(reply.body.detail ?? '');
    if (reply.status === 200) {
        const state = reply.body.state as 'taken' | 'pending' | 'refused';
        say(t(`scene_${state}`, { why }), state === 'refused');
        return String(reply.body.digest);
    }
    if (reply.status === 409) say(t('scene_changed'), true);
    else if (reply.status === 400) say(t('scene_bad', { why }), true);
    else say(reply.status ? t('scene_denied', { why }) : t('not_sent'), true);
    return null;
}

function CameraScene({ view }: { view: CameraView }) {
    const [loaded, setLoaded, reload] = useScene(view.camera);
    const [at, setAt] = useState<Place | null>(null);
    const { warnings, fault } = useWarnings(view.camera, loaded?.scene ?? null);
    if (!loaded) return <p class="muted">{t('looking')}</p>;
    const scene = loaded.scene;
    const size: Point = scene.picture ?? [view.width, view.height];
    const onScene = (next: Scene, place: Place | null | undefined = at) => {
        setLoaded({ ...loaded, scene: next });
        setAt(place);
    };
    const send = async () => {
        if (!knowsWho()) return;
        const digest = await save(view.camera, loaded);
        if (digest !== null) setLoaded({ ...loaded, digest });
    };
    if (!size[0]) return <p class="muted">{t('no_picture')}</p>;
    return (
        <div class="drawing">
            <Picture view={view} scene={scene} size={size} at={at} onScene={onScene} onPlace={setAt} />
            <div class="side">
                <div class="tools">
                    <button type="button" class="secondary" id="add-line" onClick={() =>
                        onScene(addLine(scene, size), { kind: 'line', n: scene.lines.length, point: 0 })}>
                        {t('add_line')}</button>
                    <button type="button" class="secondary" id="add-zone" onClick={() =>
                        onScene(addZone(scene, size), { kind: 'zone', n: scene.zones.length, point: 0 })}>
                        {t('add_zone')}</button>
                </div>
                <Warnings warnings={warnings} fault={fault} />
                {at && shapeAt(scene, at) && <ShapeForm scene={scene} at={at} onScene={onScene} />}
                <SceneForm scene={scene} onScene={onScene} />
                <div class="tools">
                    <button type="button" class="primary" id="save-scene" disabled={fault !== ''}
                        onClick={() => void send()}>{t('save_scene')}</button>
                    <button type="button" class="quiet" onClick={() => { setAt(null); reload(); }}>{t('reload')}</button>
                </div>
            </div>
        </div>
    );
}

export function Editor({ onClose }: { onClose: () => void }) {
    const cameras = useCameras();
    const [name, setName] = useState('');
    const view = cameras?.find((camera) => camera.camera === name) ?? cameras?.[0];
    return (
        <section class="floor" aria-label={t('scene')}>
            <div class="heading">
                <h2>{t('scene')}</h2><span class="gap" />
                <button type="button" class="secondary" id="scene-back" onClick={onClose}>{t('back_to_floor')}</button>
            </div>
            <p class="muted">{t('scene_hint')}</p>
            {cameras && !view && <p class="muted">{t('no_cameras')}</p>}
            {cameras && cameras.length > 1 && (
                <div class="shape">
                    <label for="scene-camera">{t('camera')}</label>
                    <select id="scene-camera" value={view?.camera} onChange={(event) => setName(event.currentTarget.value)}>
                        {cameras.map((camera) => <option key={camera.camera}>{camera.camera}</option>)}
                    </select>
                </div>
            )}
            {view && <CameraScene key={view.camera} view={view} />}
        </section>
    );
}
