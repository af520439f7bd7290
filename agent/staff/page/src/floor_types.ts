// What the agent says of its counting, as agent/staff/page/openapi.json describes it.

export interface Score {
    tapped: number;
    counted: number;
    right: number;
    missed: number;
    phantom: number;
}

export interface Measured {
    door: string;
    by: string;
    from: string;
    to: string;
    people: number;
    accuracy_permille: number;
    low_permille: number;
    high_permille: number;
    net: { permille: number; low_permille: number; high_permille: number } | null;
    in: Score;
    out: Score;
    unjudged: number;
    blind_ms: number;
    sums: boolean;
    stale: boolean;
    kept: boolean;
}

export interface Door {
    door: string;
    counts: boolean;
    in: number;
    out: number;
    staff_in: number;
    staff_out: number;
    uturns: number;
    passers: number;
    blind_s: number;
    confidence_permille: number;
    why: { blind_s: number; light_s: number; late_frames: number; accuracy_permille: number };
    measured: Measured | null;
}

export interface ZoneHour {
    zone: string;
    use: 'area' | 'queue';
    hour: string;
    stays: number;
    given_up: number;
    p50_s: number;
    p95_s: number;
    mean_milli: number;
    peak: number;
}

export interface Heat {
    camera: string;
    columns: number;
    rows: number;
    cells: [number, number][]; // cell, milliseconds that people were in it
}

export interface Session {
    id: string;
    door: string;
    by: string;
    state: 'counting' | 'settling' | 'done';
    from: string;
    taps: number;
    in: number;
    out: number;
    result?: Measured;
}

export interface Floor {
    at: string;
    inside: number;
    doors: Door[];
    zones: ZoneHour[];
    zones_now: { zone: string; at: string; mean_milli: number; peak: number }[];
    steps: { from: string; to: string; n: number }[];
    heat: Heat[];
    calibrations: Session[];
    can_calibrate: string[];
}

export interface CameraView {
    camera: string;
    width: number; // 0: no picture yet
    height: number;
    at: string | null;
    boxes: { x: number; y: number; w: number; h: number; sure: boolean }[];
    background: boolean;
    scene_pending: boolean;
    scene_fault: string;
}

export type Point = [number, number];

export interface Line {
    name: string;
    points: Point[];
    swap: boolean;
}

export interface Zone {
    name: string;
    points: Point[];
    kind: 'area' | 'queue';
    till?: Point;
    before: string;
}

export interface Scene {
    lines: Line[];
    zones: Zone[];
    gates: { name: string; outer: string; inner: string; within_s: number }[];
    uturn_s: number;
    metre_px: number;
    person_width: number;
    view: '' | 'above' | 'side';
    picture?: Point;
}

export interface Warning {
    flaw: 'line_at_edge' | 'line_outside' | 'line_short' | 'lines_cross' | 'zone_outside';
    name: string;
    other: string;
}
