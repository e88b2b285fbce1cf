CREATE TABLE `groups` (
	`id` text PRIMARY KEY NOT NULL,
	`title` text
);
--> statement-breakpoint
CREATE TABLE `members` (
	`user_id` integer NOT NULL,
	`group_id` text NOT NULL,
	`role` text,
	PRIMARY KEY(`user_id`, `group_id`),
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`group_id`) REFERENCES `groups`(`id`) ON UPDATE cascade ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `members_role` ON `members` (`group_id`,`role`);--> statement-breakpoint
CREATE TABLE `users` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`email` text(200) NOT NULL,
	`kind` text DEFAULT 'it''s me' NOT NULL,
	`is_active` integer DEFAULT true NOT NULL,
	`created_at` integer DEFAULT (unixepoch()),
	`settings` text DEFAULT '{"theme":"dark"}',
	`score` real DEFAULT 0.5,
	`price` numeric,
	`photo` blob,
	`initials` text GENERATED ALWAYS AS (substr("name", 1, 1)) STORED,
	`token` text,
	CONSTRAINT "kind_is_set" CHECK("users"."kind" <> '')
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_email_unique` ON `users` (`email`);--> statement-breakpoint
CREATE INDEX `users_name` ON `users` (`name`,`kind`);--> statement-breakpoint
CREATE UNIQUE INDEX `users_lower_email` ON `users` (lower("email"));--> statement-breakpoint
CREATE INDEX `users_active` ON `users` (`name`) WHERE "users"."is_active" = 1;--> statement-breakpoint
CREATE VIEW `owners` AS select "name" from "users" where "users"."kind" = 'owner';
