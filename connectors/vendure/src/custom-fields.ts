// What the plugin adds to products and orders. New columns: a shop with migrations makes one.
import { LanguageCode, type CustomFields } from '@vendure/core';

const text = (value: string) => [{ languageCode: LanguageCode.en, value }];

export interface VariantFields {
  goodsCode?: string | null;
  originCountry?: string | null;
  weightGrams?: number | null;
  goodsCodeSuggestion?: string | null;
  notShipped?: boolean | null;
}

export interface OrderFields {
  deliveryTerms?: string | null;
  landedCost?: string | null;
}

declare module '@vendure/core' {
  interface CustomProductVariantFields extends VariantFields {}
  interface CustomOrderFields extends OrderFields {}
}

export const CUSTOM_FIELDS: CustomFields = {
  ProductVariant: [
    {
      name: 'goodsCode', type: 'string', nullable: true, public: true, pattern: '^([0-9][0-9. ]{1,16})?$',
      label: text('Goods code'), description: text('HS or tariff code. More digits give a closer answer.'),
    },
    {
      name: 'originCountry', type: 'string', nullable: true, public: true, pattern: '^([A-Z]{2})?$',
      label: text('Country of origin'), description: text('Where it was made, two letters. It is not where it is sent from.'),
    },
    { name: 'weightGrams', type: 'int', nullable: true, public: true, min: 0, label: text('Weight of one piece, in grams') },
    {
      name: 'notShipped', type: 'boolean', nullable: false, defaultValue: false, public: true,
      label: text('Is not sent'), description: text('A gift card, a download, a service: nothing crosses a border.'),
    },
    {
      name: 'goodsCodeSuggestion', type: 'text', nullable: true, public: false, readonly: true,
      ui: { component: 'tidewaiter.suggestions' },
      label: text('Suggested goods codes'), description: text('From the finder, to be confirmed by a person.'),
    },
  ],
  Order: [
    { name: 'deliveryTerms', type: 'string', nullable: true, public: true, readonly: true, label: text('Delivery terms: ddp or dap') },
    {
      name: 'landedCost', type: 'text', nullable: true, public: false, readonly: true,
      ui: { component: 'tidewaiter.kept' },
      label: text('Landed cost'), description: text('What was charged and why, as JSON.'),
    },
  ],
};
