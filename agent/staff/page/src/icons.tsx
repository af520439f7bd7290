// Line icons, drawn on a 24 px grid in the colour of the text around them. All are decoration: words stand beside them.
import type { JSX } from 'preact';

function icon(...paths: string[]) {
    return (): JSX.Element => (
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            {paths.map((d) => <path key={d} d={d} />)}
        </svg>
    );
}

export const Pin = icon('M12 21s7-6.1 7-11.5a7 7 0 1 0-14 0C5 14.9 12 21 12 21z', 'M12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z');
export const Bell = icon('M6 16V11a6 6 0 1 1 12 0v5l1.5 2h-15z', 'M10 20.5h4');
export const BellOff = icon('M8.5 6.2A6 6 0 0 1 18 11v4M6 11v5l-1.5 2H17', 'M10 20.5h4', 'M4 4l16 16');
export const Gear = icon('M12 15.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4z',
    'M19 12c0-.5 0-1-.1-1.4l2-1.5-2-3.4-2.3.9a7 7 0 0 0-2.4-1.4L13.8 3h-3.7l-.4 2.2c-.9.3-1.7.8-2.4 1.4L5 5.7 3 9.1l2 1.5a7 7 0 0 0 0 2.8l-2 1.5 2 3.4 2.3-.9c.7.6 1.5 1.1 2.4 1.4l.4 2.2h3.7l.4-2.2c.9-.3 1.7-.8 2.4-1.4l2.3.9 2-3.4-2-1.5c.1-.4.1-.9.1-1.4z');
export const Tag = icon('M3.5 12.5V5a1.5 1.5 0 0 1 1.5-1.5h7.5l8 8a1.5 1.5 0 0 1 0 2.1l-6.9 6.9a1.5 1.5 0 0 1-2.1 0z', 'M8.2 8.2h.01');
export const Percent = icon('M18 6 6 18', 'M7.5 9.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4z', 'M16.5 18.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4z');
export const Gift = icon('M4 11h16v9H4z', 'M3 7.5h18V11H3z', 'M12 7.5V20', 'M12 7.5C10 3 5.5 3.5 7 6.5c.4.8 2 1 5 1zM12 7.5c2-4.5 6.5-4 5-1-.4.8-2 1-5 1z');
export const Person = icon('M12 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8z', 'M4.5 20.5c.8-4 3.9-6 7.5-6s6.7 2 7.5 6');
export const Check = icon('M5 12.5l4.5 4.5L19 7.5');
export const Cross = icon('M6 6l12 12', 'M18 6L6 18');
export const Chart = icon('M4 19V5', 'M4 19h16', 'M7 15l4-5 3 3 5-7');
export const Target = icon('M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16z', 'M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z');
export const Door = icon('M6 20V4h12v16', 'M4 20h16', 'M14.5 12h.01');
export const Scan = icon('M4 8V4h4', 'M16 4h4v4', 'M20 16v4h-4', 'M8 20H4v-4', 'M8 9v6', 'M12 9v6', 'M16 9v6');
