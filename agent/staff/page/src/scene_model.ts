// A scene under the pencil: steps that give a new scene and leave the old one alone.
import type { Line, Point, Scene, Zone } from './floor_types';

export interface Place {
    kind: 'line' | 'zone';
    n: number;
    point: number; // which of its corners is chosen
}

export const shapeAt = (scene: Scene, at: Place): Line | Zone | undefined =>
    (at.kind === 'line' ? scene.lines : scene.zones)[at.n];

function withShape(scene: Scene, at: Place, change: (shape: Line & Zone) => object): Scene {
    const key = at.kind === 'line' ? 'lines' : 'zones';
    const list = (scene[key] as (Line & Zone)[]).map((shape, n) => (n === at.n ? { ...shape, ...change(shape) } : shape));
    return { ...scene, [key]: list };
}

export const setFields = (scene: Scene, at: Place, fields: Partial<Line & Zone>): Scene =>
    withShape(scene, at, () => fields);

const clamp = (value: number, end: number) => Math.round(Math.min(Math.max(value, 0), end));

export function movePoint(scene: Scene, at: Place, [x, y]: Point, [width, height]: Point): Scene {
    return withShape(scene, at, ({ points }) => ({
        points: points.map((old, n) => (n === at.point ? [clamp(x, width), clamp(y, height)] : old)),
    }));
}

// Half way to the next corner; of a line's last one, half way to the one before.
export function addPoint(scene: Scene, at: Place): Scene {
    return withShape(scene, at, ({ points }) => {
        const closed = at.kind === 'zone';
        const from = !closed && at.point === points.length - 1 ? at.point - 1 : at.point;
        const [a, b] = [points[from], points[(from + 1) % points.length]];
        const middle: Point = [Math.round((a[0] + b[0]) / 2), Math.round((a[1] + b[1]) / 2)];
        return { points: [...points.slice(0, from + 1), middle, ...points.slice(from + 1)] };
    });
}

export const fewest = (at: Place) => (at.kind === 'line' ? 2 : 3);

export const dropPoint = (scene: Scene, at: Place): Scene =>
    withShape(scene, at, ({ points }) => ({ points: points.filter((_, n) => n !== at.point) }));

export function drop(scene: Scene, at: Place): Scene {
    const key = at.kind === 'line' ? 'lines' : 'zones';
    return { ...scene, [key]: (scene[key] as object[]).filter((_, n) => n !== at.n) };
}

function freeName(taken: string[], stem: string): string {
    let n = 1;
    while (taken.includes(`${stem}-${n}`)) n++;
    return `${stem}-${n}`;
}

// Across the middle, from the top: who comes from the right goes in, as seen in the picture.
export function addLine(scene: Scene, [width, height]: Point): Scene {
    const name = freeName([...scene.lines, ...scene.gates].map((each) => each.name), 'line');
    const x = Math.round(width / 2);
    return { ...scene, lines: [...scene.lines,
        { name, swap: false, points: [[x, Math.round(height / 6)], [x, Math.round(height * 5 / 6)]] }] };
}

export function addZone(scene: Scene, [width, height]: Point): Scene {
    const name = freeName(scene.zones.map((zone) => zone.name), 'zone');
    const [x0, x1, y0, y1] = [width / 4, width / 2, height / 4, height / 2].map(Math.round);
    return { ...scene, zones: [...scene.zones,
        { name, kind: 'area', before: '', points: [[x0, y0], [x1, y0], [x1, y1], [x0, y1]] }] };
}

// From the middle of a line's middle piece, so long, to the side that is in: the right-hand one, walking along it.
export function inArrow(line: Line, length: number): [Point, Point] {
    const n = Math.floor((line.points.length - 1) / 2);
    const [a, b] = [line.points[n], line.points[n + 1]];
    const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
    const long = Math.hypot(dx, dy) || 1;
    const side = line.swap ? -length : length;
    const from: Point = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
    return [from, [from[0] - dy / long * side, from[1] + dx / long * side]];
}
