// Made by `medusa plugin:db:generate`: the two tables of the plugin.
import { Migration } from "@medusajs/framework/mikro-orm/migrations";

export class Migration20261123015924 extends Migration {

  override async up(): Promise<void> {
    this.addSql(`alter table if exists "tidewaiter_landed_cost" drop constraint if exists "tidewaiter_landed_cost_cart_id_unique";`);
    this.addSql(`alter table if exists "tidewaiter_goods_code_suggestion" drop constraint if exists "tidewaiter_goods_code_suggestion_product_id_unique";`);
    this.addSql(`create table if not exists "tidewaiter_goods_code_suggestion" ("id" text not null, "product_id" text not null, "suggestions" jsonb not null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), "deleted_at" timestamptz null, constraint "tidewaiter_goods_code_suggestion_pkey" primary key ("id"));`);
    this.addSql(`CREATE UNIQUE INDEX IF NOT EXISTS "IDX_tidewaiter_goods_code_suggestion_product_id_unique" ON "tidewaiter_goods_code_suggestion" ("product_id") WHERE deleted_at IS NULL;`);
    this.addSql(`CREATE INDEX IF NOT EXISTS "IDX_tidewaiter_goods_code_suggestion_deleted_at" ON "tidewaiter_goods_code_suggestion" ("deleted_at") WHERE deleted_at IS NULL;`);

    this.addSql(`create table if not exists "tidewaiter_landed_cost" ("id" text not null, "cart_id" text not null, "document" jsonb not null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), "deleted_at" timestamptz null, constraint "tidewaiter_landed_cost_pkey" primary key ("id"));`);
    this.addSql(`CREATE UNIQUE INDEX IF NOT EXISTS "IDX_tidewaiter_landed_cost_cart_id_unique" ON "tidewaiter_landed_cost" ("cart_id") WHERE deleted_at IS NULL;`);
    this.addSql(`CREATE INDEX IF NOT EXISTS "IDX_tidewaiter_landed_cost_deleted_at" ON "tidewaiter_landed_cost" ("deleted_at") WHERE deleted_at IS NULL;`);
  }

  override async down(): Promise<void> {
    this.addSql(`drop table if exists "tidewaiter_goods_code_suggestion" cascade;`);

    this.addSql(`drop table if exists "tidewaiter_landed_cost" cascade;`);
  }

}
