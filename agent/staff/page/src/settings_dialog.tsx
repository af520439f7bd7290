// What this device is called, and how it looks and sounds.
import { useEffect, useRef } from 'preact/hooks';
import type { Signal } from '@preact/signals';
import { Cross } from './icons';
import { lang, sound, theme, who } from './settings';
import { shop } from './store';
import { t } from './words';

interface ChoiceOf<T> {
    name: string;
    label: string;
    value: Signal<T>;
    options: [T, string, string?][]; // value, text, language of the text
}

function Choice<T>({ name, label, value, options }: ChoiceOf<T>) {
    return (
        <fieldset class="choice">
            <legend>{label}</legend>
            <div>
                {options.map(([option, text, language]) => (
                    <label key={text} class={value.value === option ? 'chosen' : ''} lang={language}>
                        <input type="radio" name={name} value={String(option)} checked={value.value === option}
                            onChange={() => { value.value = option; }} />
                        {text}
                    </label>
                ))}
            </div>
        </fieldset>
    );
}

export function SettingsDialog({ onClose }: { onClose: () => void }) {
    const dialog = useRef<HTMLDialogElement>(null);
    useEffect(() => { dialog.current?.showModal(); }, []);
    return (
        <dialog ref={dialog} class="settings" aria-labelledby="settings-title" onClose={onClose}
            onClick={(event) => { if (event.target === dialog.current) dialog.current?.close(); }}>
            <form method="dialog">
                <header>
                    <h2 id="settings-title">{t('settings')}</h2>
                    <button type="submit" class="round" aria-label={t('close')}><Cross /></button>
                </header>
                <label for="settings-who">{t('who')}</label>
                <input id="settings-who" value={who.value} maxLength={10} autocomplete="off"
                    placeholder={t('who_example')}
                    onChange={(event) => { who.value = event.currentTarget.value.trim(); }} />
                <Choice name="lang" label={t('language')} value={lang}
                    options={[['zh-CN', '中文', 'zh-CN'], ['en', 'English', 'en']]} />
                <Choice name="theme" label={t('theme')} value={theme}
                    options={[['auto', t('auto')], ['light', t('light')], ['dark', t('dark')]]} />
                <Choice name="sound" label={t('sound')} value={sound} options={[[true, t('on')], [false, t('off')]]} />
                {shop.value && (
                    <p class="muted small">{t('about', { store: shop.value.store, version: shop.value.version })}</p>
                )}
            </form>
        </dialog>
    );
}
