// The camera's picture as it may be seen, with the scene drawn on it.
import { useEffect, useRef, useState } from 'preact/hooks';
import { inArrow, movePoint, type Place } from './scene_model';
import type { CameraView, Line, Point, Scene, Zone } from './floor_types';
import { t } from './words';

const HANDLE_PX = 13; // 26 px across, for a thumb
const STEP = 1;
const LEAP = 10; // with shift
const BACKGROUND_MS = 10_000;

interface PictureOf {
    view: CameraView;
    scene: Scene;
    size: Point;
    at: Place | null;
    onScene: (scene: Scene, at?: Place) => void;
    onPlace: (at: Place) => void;
}

const list = (points: Point[]) => points.map((point) => point.join(',')).join(' ');

function Shape({ kind, shape, chosen, unit }: { kind: Place['kind']; shape: Line | Zone; chosen: boolean; unit: number }) {
    if (kind === 'zone') return <polygon class={chosen ? 'zone chosen' : 'zone'} points={list(shape.points)} />;
    const [from, to] = inArrow(shape as Line, 34 * unit);
    const [dx, dy] = [(to[0] - from[0]) / 4, (to[1] - from[1]) / 4];
    const head = `${to[0] - dx - dy},${to[1] - dy + dx} ${to.join(',')} ${to[0] - dx + dy},${to[1] - dy - dx}`;
    return (
        <g class={chosen ? 'line chosen' : 'line'}>
            <polyline points={list(shape.points)} />
            <polyline class="arrow" points={`${from.join(',')} ${to.join(',')}`} />
            <polyline class="arrow" points={head} />
        </g>
    );
}

// One unit of the screen in the picture's pixels.
function useUnit(width: number): [preact.RefObject<SVGSVGElement>, number] {
    const svg = useRef<SVGSVGElement>(null);
    const [unit, setUnit] = useState(1);
    useEffect(() => {
        const measure = () => setUnit(width / (svg.current?.clientWidth || width));
        measure();
        addEventListener('resize', measure);
        return () => removeEventListener('resize', measure);
    }, [width]);
    return [svg, unit];
}

// Fetched anew now and then: it is learnt while the camera runs.
function useBackground(view: CameraView): string {
    const [n, setN] = useState(0);
    useEffect(() => {
        const timer = setInterval(() => setN((old) => old + 1), BACKGROUND_MS);
        return () => clearInterval(timer);
    }, []);
    return view.background ? `/api/v1/cameras/${encodeURIComponent(view.camera)}/background.bmp?${n}` : '';
}

export function Picture({ view, scene, size, at, onScene, onPlace }: PictureOf) {
    const [svg, unit] = useUnit(size[0]);
    const background = useBackground(view);
    const dragged = useRef<Place | null>(null);
    const [w, h] = size;
    const point = (event: PointerEvent | MouseEvent): Point => {
        const box = svg.current!.getBoundingClientRect();
        return [(event.clientX - box.left) * w / box.width, (event.clientY - box.top) * h / box.height];
    };
    const put = (place: Place, where: Point) => onScene(movePoint(scene, place, where, size), place);
    const handle = (kind: Place['kind'], n: number, shape: Line | Zone) => shape.points.map((corner, index) => {
        const place: Place = { kind, n, point: index };
        const chosen = at?.kind === kind && at.n === n && at.point === index;
        const what = t(kind === 'line' ? 'line_of' : 'zone_of', { name: shape.name });
        return (
            <circle key={`${kind}-${n}-${index}`} class={chosen ? 'handle chosen' : 'handle'} cx={corner[0]} cy={corner[1]}
                r={HANDLE_PX * unit} role="button" tabIndex={0} aria-pressed={chosen} data-handle={`${kind}-${n}-${index}`}
                aria-label={t('point_of', { what, n: index + 1, x: corner[0], y: corner[1] })}
                onFocus={() => onPlace(place)}
                onClick={(event) => event.stopPropagation()}
                onPointerDown={(event) => {
                    dragged.current = place;
                    event.currentTarget.setPointerCapture(event.pointerId);
                    onPlace(place);
                }}
                onPointerMove={(event) => { if (dragged.current) put(dragged.current, point(event)); }}
                onPointerUp={() => { dragged.current = null; }}
                onPointerCancel={() => { dragged.current = null; }}
                onKeyDown={(event) => {
                    const step = event.shiftKey ? LEAP : STEP;
                    const moves: Record<string, Point> = {
                        ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step],
                    };
                    const move = moves[event.key];
                    if (!move) return;
                    event.preventDefault();
                    put(place, [corner[0] + move[0], corner[1] + move[1]]);
                }} />
        );
    });
    const scaled = view.width ? w / view.width : 1;
    const shapes: [Place['kind'], number, Line | Zone][] = [
        ...scene.zones.map((zone, n): [Place['kind'], number, Zone] => ['zone', n, zone]),
        ...scene.lines.map((line, n): [Place['kind'], number, Line] => ['line', n, line])];
    return (
        <figure class="picture">
            <svg ref={svg} viewBox={`0 0 ${w} ${h}`} style={{ aspectRatio: `${w} / ${h}` }} id="picture"
                onClick={(event) => { if (at) put(at, point(event)); }}>
                <title>{t('preview', { camera: view.camera, n: view.boxes.length })}</title>
                <rect class="grey" width={w} height={h} />
                {background && <image href={background} width={w} height={h} preserveAspectRatio="none" />}
                {view.boxes.map((box, n) => (
                    <rect key={n} class={box.sure ? 'person sure' : 'person'} x={box.x * scaled} y={box.y * scaled}
                        width={box.w * scaled} height={box.h * scaled} />
                ))}
                {shapes.map(([kind, n, shape]) => (
                    <Shape key={`${kind}-${n}`} kind={kind} shape={shape} unit={unit}
                        chosen={at?.kind === kind && at.n === n} />
                ))}
                {shapes.map(([kind, n, shape]) => (
                    <text key={`${kind}-${n}`} x={shape.points[0][0] + 16 * unit} y={shape.points[0][1] + 20 * unit}
                        font-size={14 * unit} stroke-width={4 * unit}>{shape.name}</text>
                ))}
                {shapes.map(([kind, n, shape]) => handle(kind, n, shape))}
            </svg>
            <figcaption class="small muted">{t('preview', { camera: view.camera, n: view.boxes.length })}</figcaption>
        </figure>
    );
}
