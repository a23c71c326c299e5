// Settings: one small file the person may edit; every field has a default, so an empty file is valid.
import { z } from 'zod';

/** `22:30`, by the clock on the wall. */
const Clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

export const Settings = z.object({
  language: z.enum(['system', 'en', 'zh']).default('system'),
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  offline: z.boolean().default(false),
  /** The model for new conversations; null until one is chosen. */
  model: z.string().nullable().default(null),
  /** Where the local engine runs. `main` is for machines on which a child process can't use the GPU. */
  engine: z.enum(['child', 'main']).default('child'),
  gpu: z.enum(['auto', 'cuda', 'vulkan', 'metal', 'off']).default('auto'),
  /** Tokens of context for local models; 0 lets the engine choose. */
  contextTokens: z.number().int().min(0).default(0),
  /** On battery, or where the computer is hot, work in the background waits. */
  restOnBattery: z.boolean().default(true),
  /** Work in the background waits from one local time to the other, also over midnight. */
  quietHours: z.object({ from: Clock, to: Clock }).nullable().default(null),
});
export type Settings = z.infer<typeof Settings>;
/** Only what changes. Not `Settings.partial()`: that would fill in the defaults and so reset every other setting. */
export const SettingsPatch = z.object(
  Object.fromEntries(Object.entries(Settings.shape).map(([name, field]) => [name, field.unwrap().optional()])) as {
    [K in keyof typeof Settings.shape]: z.ZodOptional<ReturnType<(typeof Settings.shape)[K]['unwrap']>>;
  },
);
export type SettingsPatch = z.infer<typeof SettingsPatch>;
