// What the Admin API takes.
import { z } from '@medusajs/framework/zod';

export const RefundBody = z.strictObject({
  lines: z.array(z.strictObject({ item_id: z.string(), quantity: z.number().int().positive() })).min(1),
  keep: z.array(z.string()).optional(),
  preview: z.boolean().optional(),
  note: z.string().max(1000).optional(),
});
export type RefundBody = z.infer<typeof RefundBody>;

export const CodesBody = z.strictObject({
  codes: z.array(z.strictObject({
    product_id: z.string(),
    goods_code: z.string().regex(/^[0-9][0-9. ]{1,16}$/, 'is no goods code: write 2 to 12 digits'),
  })).max(100),
});
export type CodesBody = z.infer<typeof CodesBody>;

export const CheckBody = z.strictObject({ codes: z.array(z.string().max(50)).max(100) });
export type CheckBody = z.infer<typeof CheckBody>;

export const SuggestBody = z.strictObject({ limit: z.number().int().positive().max(100).default(50) });
export type SuggestBody = z.infer<typeof SuggestBody>;
