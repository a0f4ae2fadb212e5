CREATE TABLE "accommodations" ("id" integer primary key autoincrement,
  "trip_id" integer not null references "trips" ("id") on delete restrict,
  "place_id" integer references "places" ("id") on delete restrict,
  "start_day_id" integer not null references "days" ("id") on delete restrict,
  "end_day_id" integer not null references "days" ("id") on delete restrict,
  "check_in" text,
  "check_in_end" text,
  "check_out" text,
  "confirmation" text,
  "notes" text,
  "created_at" text not null);

CREATE INDEX "accommodations_by_end" on "accommodations" ("end_day_id");

CREATE INDEX "accommodations_by_place" on "accommodations" ("place_id");

CREATE INDEX "accommodations_by_start" on "accommodations" ("start_day_id");

CREATE INDEX "accommodations_by_trip" on "accommodations" ("trip_id");

CREATE TABLE "assignments" ("id" integer primary key autoincrement,
  "trip_id" integer not null references "trips" ("id") on delete restrict,
  "day_id" integer not null references "days" ("id") on delete restrict,
  "place_id" integer not null references "places" ("id") on delete restrict,
  "notes" text,
  "place_time" text,
  "end_time" text,
  "participant_ids" text not null,
  "created_at" text not null,
  "order_key" text default '' not null);

CREATE INDEX "assignments_by_day" on "assignments" ("day_id",
  "order_key");

CREATE INDEX "assignments_by_place" on "assignments" ("place_id");

CREATE INDEX "assignments_by_trip" on "assignments" ("trip_id");

CREATE TABLE "audit" ("id" integer primary key autoincrement,
  "at" text not null,
  "event" text not null,
  "user_id" integer,
  "way" text not null,
  "client" text,
  "grant_id" text,
  "ip_address" text,
  "outcome" text not null,
  "count" integer default 1 not null,
  "subject" text);

CREATE INDEX "audit_by_moment" on "audit" ("at",
  "user_id",
  "event");

CREATE INDEX "audit_by_user" on "audit" ("user_id",
  "id");

CREATE TABLE "budget_items" ("id" integer primary key autoincrement,
  "trip_id" integer not null references "trips" ("id") on delete restrict,
  "name" text not null,
  "category" text not null,
  "total_price" integer not null,
  "currency" text not null,
  "payers" text not null,
  "members" text not null,
  "persons" integer,
  "days" integer,
  "expense_date" text,
  "note" text,
  "reservation_id" integer references "reservations" ("id") on delete restrict,
  "exchange_rate" real,
  "rate_base" text,
  "rate_date" text,
  "rate_source" text,
  "created_at" text not null,
  "order_key" text default '' not null);

CREATE INDEX "budget_items_by_reservation" on "budget_items" ("reservation_id");

CREATE INDEX "budget_items_by_trip" on "budget_items" ("trip_id",
  "order_key");

CREATE TABLE "budget_settlements" ("id" integer primary key autoincrement,
  "trip_id" integer not null references "trips" ("id") on delete restrict,
  "from_user_id" integer not null references "users" ("id") on delete restrict,
  "to_user_id" integer not null references "users" ("id") on delete restrict,
  "amount" integer not null,
  "currency" text not null,
  "exchange_rate" real,
  "rate_base" text,
  "rate_date" text,
  "rate_source" text,
  "created_at" text not null);

CREATE INDEX "budget_settlements_by_payer" on "budget_settlements" ("from_user_id");

CREATE INDEX "budget_settlements_by_receiver" on "budget_settlements" ("to_user_id");

CREATE INDEX "budget_settlements_by_trip" on "budget_settlements" ("trip_id",
  "created_at");

CREATE TABLE "calls" ("scope" text not null,
  "key" text not null,
  "operation" text not null,
  "input_hash" text not null,
  "commit_id" text not null,
  "answer" text,
  "at" text not null,
  "home_space" text default '' not null,
  "home_id" integer default 0 not null,
  "user_id" integer default 0 not null, constraint "calls_pk" primary key ("scope",
  "key"));

CREATE INDEX "calls_by_home" on "calls" ("home_space",
  "home_id");

CREATE INDEX "calls_by_moment" on "calls" ("at");

CREATE INDEX "calls_by_user" on "calls" ("user_id");

CREATE TABLE "categories" ("id" integer primary key autoincrement,
  "name" text not null unique,
  "color" text not null,
  "icon" text not null);

CREATE TABLE "changes" ("space" text not null,
  "space_id" integer not null,
  "seq" integer not null,
  "commit_seq" integer not null,
  "entity" text not null,
  "row_id" integer not null,
  "action" text not null,
  "before" text,
  "after" text,
  "user_id" integer not null,
  "way" text not null,
  "client" text,
  "grant_id" text,
  "operation" text not null,
  "at" text not null,
  "commit_id" text default '' not null,
  "nth" integer default 0 not null,
  "home_space" text default '' not null,
  "home_id" integer default 0 not null,
  "client_instance" text,
  "schema" integer default 0 not null, constraint "changes_pk" primary key ("space",
  "space_id",
  "seq"));

CREATE INDEX "changes_by_commit" on "changes" ("commit_id");

CREATE INDEX "changes_by_grant" on "changes" ("grant_id");

CREATE INDEX "changes_by_maker" on "changes" ("user_id",
  "entity") where "action" = 'insert';

CREATE INDEX "changes_by_row" on "changes" ("entity",
  "row_id",
  "space",
  "space_id",
  "seq");

CREATE INDEX "changes_of_deleted_trips" on "changes" ("entity",
  "at") where "entity" = 'trip' and "action" = 'remove' and "before" is not null;

CREATE TABLE "collab_messages" ("id" integer primary key autoincrement,
  "trip_id" integer not null references "trips" ("id") on delete restrict,
  "author_id" integer references "users" ("id") on delete restrict,
  "text" text not null,
  "reply_to" integer references "collab_messages" ("id") on delete restrict,
  "reactions" text not null,
  "deleted" integer not null,
  "created_at" text not null);

CREATE INDEX "collab_messages_by_author" on "collab_messages" ("author_id");

CREATE INDEX "collab_messages_by_reply" on "collab_messages" ("reply_to");

CREATE INDEX "collab_messages_by_trip" on "collab_messages" ("trip_id",
  "id");

CREATE INDEX "collab_messages_with_reactions" on "collab_messages" ("id") where "reactions" <> '[]';

CREATE TABLE "collab_notes" ("id" integer primary key autoincrement,
  "trip_id" integer not null references "trips" ("id") on delete restrict,
  "author_id" integer references "users" ("id") on delete restrict,
  "title" text not null,
  "content" text,
  "category" text not null,
  "color" text not null,
  "pinned" integer not null,
  "website" text,
  "created_at" text not null,
  "updated_at" text not null);

CREATE INDEX "collab_notes_by_author" on "collab_notes" ("author_id");

CREATE INDEX "collab_notes_by_trip" on "collab_notes" ("trip_id");

CREATE TABLE "collab_polls" ("id" integer primary key autoincrement,
  "trip_id" integer not null references "trips" ("id") on delete restrict,
  "author_id" integer references "users" ("id") on delete restrict,
  "question" text not null,
  "options" text not null,
  "multiple" integer not null,
  "deadline" text,
  "closed_at" text,
  "votes" text not null,
  "created_at" text not null);

CREATE INDEX "collab_polls_by_author" on "collab_polls" ("author_id");

CREATE INDEX "collab_polls_by_trip" on "collab_polls" ("trip_id");

CREATE TABLE "credentials" ("id" integer primary key autoincrement,
  "user_id" integer not null references "users" ("id") on delete restrict,
  "provider_id" text not null,
  "account_id" text not null,
  "password" text,
  "access_token" text,
  "refresh_token" text,
  "id_token" text,
  "access_token_expires_at" text,
  "refresh_token_expires_at" text,
  "scope" text,
  "created_at" text not null,
  "updated_at" text not null, constraint "credentials_provider" unique ("provider_id",
  "account_id"));

CREATE INDEX "credentials_by_user" on "credentials" ("user_id");

CREATE TABLE "day_notes" ("id" integer primary key autoincrement,
  "trip_id" integer not null references "trips" ("id") on delete restrict,
  "day_id" integer not null references "days" ("id") on delete restrict,
  "text" text not null,
  "time" text,
  "icon" text not null,
  "created_at" text not null,
  "order_key" text default '' not null);

CREATE INDEX "day_notes_by_day" on "day_notes" ("day_id",
  "order_key");

CREATE INDEX "day_notes_by_trip" on "day_notes" ("trip_id");

CREATE TABLE "days" ("id" integer primary key autoincrement,
  "trip_id" integer not null references "trips" ("id") on delete restrict,
  "day_number" integer not null,
  "date" text,
  "title" text);

CREATE INDEX "days_by_trip" on "days" ("trip_id",
  "day_number");

CREATE TABLE "file_keys" ("key" text not null primary key,
  "kept_at" text not null,
  "user_id" integer,
  "size" integer default 0 not null);

CREATE INDEX "file_keys_by_user" on "file_keys" ("user_id");

CREATE TABLE "guesses" ("subject" text primary key,
  "count" integer not null,
  "resets_at" text not null);

CREATE TABLE "instance" ("id" integer primary key,
  "instance_id" text not null,
  "epoch" text not null,
  "copy" text,
  "key_fingerprint" text,
  "files_id" text);

CREATE TABLE "kept_secrets" ("commit_id" text not null,
  "nth" integer not null,
  "space" text not null,
  "space_id" integer not null,
  "entity" text not null,
  "row_id" integer not null,
  "sealed" text not null,
  "at" text not null, constraint "kept_secrets_pk" primary key ("commit_id",
  "nth"));

CREATE INDEX "kept_secrets_by_at" on "kept_secrets" ("at");

CREATE INDEX "kept_secrets_by_row" on "kept_secrets" ("entity",
  "row_id");

CREATE INDEX "kept_secrets_by_space" on "kept_secrets" ("space",
  "space_id");

CREATE TABLE "leases" ("name" text primary key,
  "holder" text not null,
  "until" integer not null);

CREATE TABLE "mcp_questions" ("id" text primary key,
  "session_id" text not null references "mcp_sessions" ("id") on delete cascade,
  "answer" text,
  "asked_at" text not null);

CREATE INDEX "mcp_questions_session" on "mcp_questions" ("session_id");

CREATE TABLE "mcp_sessions" ("id" text primary key,
  "user_id" integer not null,
  "grant_id" text not null,
  "client_name" text,
  "client_version" text,
  "protocol_version" text not null,
  "capabilities" text not null,
  "addons" text not null,
  "log_level" text,
  "created_at" text not null,
  "last_activity" text not null,
  "client_id" text,
  "slept_at" text);

CREATE INDEX "mcp_sessions_activity" on "mcp_sessions" ("slept_at",
  "last_activity");

CREATE INDEX "mcp_sessions_grant" on "mcp_sessions" ("grant_id");

CREATE INDEX "mcp_sessions_user" on "mcp_sessions" ("user_id",
  "slept_at");

CREATE TABLE "mcp_subscriptions" ("session_id" text not null references "mcp_sessions" ("id") on delete cascade,
  "uri" text not null,
  "mark" text not null, constraint "mcp_subscriptions_pk" primary key ("session_id",
  "uri"));

CREATE TABLE "notification_preferences" ("id" integer primary key autoincrement,
  "user_id" integer not null references "users" ("id") on delete restrict,
  "event" text not null,
  "in_app" integer not null, constraint "notification_preferences_once" unique ("user_id",
  "event"));

CREATE TABLE "notifications" ("id" integer primary key autoincrement,
  "recipient_id" integer not null references "users" ("id") on delete restrict,
  "trip_id" integer not null references "trips" ("id") on delete restrict,
  "event" text not null,
  "actor_id" integer references "users" ("id") on delete restrict,
  "about" text not null,
  "date" text,
  "count" integer not null,
  "is_read" integer not null,
  "dismissed" integer not null,
  "once_key" text,
  "created_at" text not null, constraint "notifications_once" unique ("recipient_id",
  "once_key"));

CREATE INDEX "notifications_by_actor" on "notifications" ("actor_id");

CREATE INDEX "notifications_by_moment" on "notifications" ("created_at");

CREATE INDEX "notifications_by_recipient" on "notifications" ("recipient_id",
  "created_at");

CREATE INDEX "notifications_by_trip" on "notifications" ("trip_id");

CREATE TABLE "oauth_artifacts" ("model" text not null,
  "id_hash" text not null,
  "grant_id" integer references "oauth_grants" ("id") on delete cascade,
  "payload" text not null,
  "expires_at" text not null,
  "consumed_at" text, constraint "oauth_artifacts_pk" primary key ("id_hash",
  "model"));

CREATE INDEX "oauth_artifacts_by_end" on "oauth_artifacts" ("expires_at");

CREATE INDEX "oauth_artifacts_by_grant" on "oauth_artifacts" ("grant_id");

CREATE TABLE "oauth_clients" ("id" integer primary key autoincrement,
  "user_id" integer not null references "users" ("id") on delete restrict,
  "client_id" text not null unique,
  "name" text not null,
  "redirect_uris" text not null,
  "scopes" text not null,
  "public_keys" text,
  "secret_hash" text,
  "created_at" text not null);

CREATE INDEX "oauth_clients_by_user" on "oauth_clients" ("user_id");

CREATE TABLE "oauth_grants" ("id" integer primary key autoincrement,
  "user_id" integer not null references "users" ("id") on delete restrict,
  "kind" text not null,
  "client_id" text not null,
  "client_name" text not null,
  "redirect_host" text,
  "resource" text not null,
  "scopes" text not null,
  "created_at" text not null,
  "last_used_at" text,
  "redirect_uri" text);

CREATE INDEX "oauth_grants_by_client" on "oauth_grants" ("client_id");

CREATE INDEX "oauth_grants_by_kind" on "oauth_grants" ("kind",
  "created_at");

CREATE INDEX "oauth_grants_by_user" on "oauth_grants" ("user_id",
  "client_id");

CREATE TABLE "oauth_registrations" ("id" integer primary key autoincrement,
  "client_id" text not null unique,
  "metadata" text not null,
  "created_at" text not null,
  "used_at" text);

CREATE INDEX "oauth_registrations_by_use" on "oauth_registrations" ("used_at",
  "created_at");

CREATE TABLE "packing_bags" ("id" integer primary key autoincrement,
  "trip_id" integer not null references "trips" ("id") on delete restrict,
  "name" text not null,
  "color" text not null,
  "weight_limit_grams" integer,
  "member_ids" text not null,
  "created_at" text not null,
  "order_key" text default '' not null);

CREATE INDEX "packing_bags_by_trip" on "packing_bags" ("trip_id",
  "order_key");

CREATE TABLE "packing_category_assignees" ("id" integer primary key autoincrement,
  "trip_id" integer not null references "trips" ("id") on delete restrict,
  "category" text not null,
  "user_ids" text not null, constraint "packing_category_assignees_once" unique ("trip_id",
  "category"));

CREATE TABLE "packing_items" ("id" integer primary key autoincrement,
  "trip_id" integer not null references "trips" ("id") on delete restrict,
  "name" text not null,
  "category" text not null,
  "quantity" integer not null,
  "weight_grams" integer,
  "checked" integer not null,
  "visibility" text not null,
  "shared_with" text not null,
  "owner_id" integer not null references "users" ("id") on delete restrict,
  "created_at" text not null,
  "bag_id" integer references "packing_bags" ("id") on delete restrict,
  "order_key" text default '' not null);

CREATE INDEX "packing_items_by_bag" on "packing_items" ("bag_id");

CREATE INDEX "packing_items_by_owner" on "packing_items" ("owner_id");

CREATE INDEX "packing_items_by_trip" on "packing_items" ("trip_id",
  "order_key");

CREATE TABLE "packing_templates" ("id" integer primary key autoincrement,
  "name" text not null,
  "items" text not null,
  "created_at" text not null,
  "created_by" integer references "users" ("id") on delete restrict);

CREATE INDEX "packing_templates_by_maker" on "packing_templates" ("created_by");

CREATE TABLE "place_tags" ("id" integer primary key autoincrement,
  "trip_id" integer not null references "trips" ("id") on delete restrict,
  "place_id" integer not null references "places" ("id") on delete restrict,
  "tag_id" integer not null references "tags" ("id") on delete restrict,
  "user_id" integer not null references "users" ("id") on delete restrict, constraint "place_tags_once" unique ("place_id",
  "tag_id"));

CREATE INDEX "place_tags_by_tag" on "place_tags" ("tag_id");

CREATE INDEX "place_tags_by_trip" on "place_tags" ("trip_id",
  "user_id");

CREATE INDEX "place_tags_by_user" on "place_tags" ("user_id");

CREATE TABLE "places" ("id" integer primary key autoincrement,
  "trip_id" integer not null references "trips" ("id") on delete restrict,
  "name" text not null,
  "description" text,
  "lat" real,
  "lng" real,
  "address" text,
  "category_id" integer references "categories" ("id") on delete restrict,
  "price" integer,
  "currency" text,
  "place_time" text,
  "end_time" text,
  "duration_minutes" integer,
  "transport_mode" text not null,
  "notes" text,
  "website" text,
  "phone" text,
  "google_place_id" text,
  "google_ftid" text,
  "osm_id" text,
  "created_at" text not null);

CREATE INDEX "places_by_category" on "places" ("category_id");

CREATE INDEX "places_by_trip" on "places" ("trip_id",
  "created_at",
  "id");

CREATE TABLE "presence" ("process" text not null,
  "topic" text not null,
  "who" text not null,
  "way" text not null,
  "person" text not null,
  "since" integer not null, constraint "presence_pk" primary key ("process",
  "topic",
  "who"));

CREATE INDEX "presence_by_topic" on "presence" ("topic");

CREATE TABLE "processes" ("id" text primary key,
  "beat" integer not null);

CREATE TABLE "request_counts" ("who" text primary key,
  "begun" integer not null,
  "count" integer not null);

CREATE TABLE "reservations" ("id" integer primary key autoincrement,
  "trip_id" integer not null references "trips" ("id") on delete restrict,
  "type" text not null,
  "title" text not null,
  "status" text not null,
  "day_id" integer references "days" ("id") on delete restrict,
  "end_day_id" integer references "days" ("id") on delete restrict,
  "place_id" integer references "places" ("id") on delete restrict,
  "assignment_id" integer references "assignments" ("id") on delete restrict,
  "accommodation_id" integer unique references "accommodations" ("id") on delete restrict,
  "reservation_time" text,
  "reservation_end_time" text,
  "location" text,
  "confirmation_number" text,
  "notes" text,
  "url" text,
  "metadata" text not null,
  "endpoints" text not null,
  "needs_review" integer not null,
  "created_at" text not null,
  "day_keys" text default '{}' not null);

CREATE INDEX "reservations_by_assignment" on "reservations" ("assignment_id");

CREATE INDEX "reservations_by_day" on "reservations" ("day_id");

CREATE INDEX "reservations_by_end_day" on "reservations" ("end_day_id");

CREATE INDEX "reservations_by_place" on "reservations" ("place_id");

CREATE INDEX "reservations_by_trip" on "reservations" ("trip_id");

CREATE TABLE "settings" ("id" integer primary key autoincrement,
  "key" text not null unique,
  "value" text not null);

CREATE TABLE "share_links" ("id" integer primary key autoincrement,
  "trip_id" integer not null unique references "trips" ("id") on delete restrict,
  "share_map" integer not null,
  "share_bookings" integer not null,
  "share_packing" integer not null,
  "share_budget" integer not null,
  "share_collab" integer not null,
  "nonce" text not null,
  "token_hash" text not null unique,
  "created_by" integer references "users" ("id") on delete restrict,
  "created_at" text not null,
  "expires_at" text not null);

CREATE INDEX "share_links_by_creator" on "share_links" ("created_by");

CREATE TABLE "spaces" ("space" text not null,
  "id" integer not null,
  "seq" integer not null,
  "erased_to" integer default 0 not null, constraint "spaces_pk" primary key ("space",
  "id"));

CREATE TABLE "static_tokens" ("id" integer primary key autoincrement,
  "user_id" integer not null references "users" ("id") on delete restrict,
  "name" text not null,
  "prefix" text not null,
  "hash" text not null unique,
  "created_at" text not null,
  "last_used_at" text);

CREATE INDEX "static_tokens_by_user" on "static_tokens" ("user_id");

CREATE TABLE "tags" ("id" integer primary key autoincrement,
  "user_id" integer not null references "users" ("id") on delete restrict,
  "name" text not null,
  "color" text not null,
  "created_at" text not null, constraint "tags_once" unique ("user_id",
  "name"));

CREATE TABLE "todo_category_assignees" ("id" integer primary key autoincrement,
  "trip_id" integer not null references "trips" ("id") on delete restrict,
  "category" text not null,
  "user_ids" text not null, constraint "todo_category_assignees_once" unique ("trip_id",
  "category"));

CREATE TABLE "todos" ("id" integer primary key autoincrement,
  "trip_id" integer not null references "trips" ("id") on delete restrict,
  "name" text not null,
  "category" text,
  "due_date" text,
  "description" text,
  "assigned_user_id" integer references "users" ("id") on delete restrict,
  "priority" integer not null,
  "checked" integer not null,
  "created_at" text not null,
  "order_key" text default '' not null);

CREATE INDEX "todos_by_assigned_user" on "todos" ("assigned_user_id");

CREATE INDEX "todos_by_due_date" on "todos" ("due_date");

CREATE INDEX "todos_by_trip" on "todos" ("trip_id",
  "order_key");

CREATE TABLE "trip_files" ("id" integer primary key autoincrement,
  "trip_id" integer not null references "trips" ("id") on delete restrict,
  "name" text not null,
  "size" integer not null,
  "type" text not null,
  "kind" text not null,
  "description" text,
  "place_ids" text not null,
  "reservation_ids" text not null,
  "starred" integer not null,
  "uploaded_by" integer references "users" ("id") on delete restrict,
  "created_at" text not null,
  "deleted_at" text,
  "key" text not null);

CREATE INDEX "trip_files_by_key" on "trip_files" ("key");

CREATE INDEX "trip_files_by_trip" on "trip_files" ("trip_id");

CREATE INDEX "trip_files_by_uploader" on "trip_files" ("uploaded_by");

CREATE TABLE "trip_members" ("id" integer primary key autoincrement,
  "trip_id" integer not null references "trips" ("id") on delete restrict,
  "user_id" integer not null references "users" ("id") on delete restrict,
  "role" text not null,
  "invited_by" integer references "users" ("id") on delete restrict,
  "added_at" text not null,
  "guest_name" text, constraint "trip_members_once" unique ("trip_id",
  "user_id"));

CREATE INDEX "trip_members_by_inviter" on "trip_members" ("invited_by");

CREATE INDEX "trip_members_by_user" on "trip_members" ("user_id");

CREATE TABLE "trips" ("id" integer primary key autoincrement,
  "user_id" integer not null references "users" ("id") on delete restrict,
  "title" text not null,
  "description" text,
  "start_date" text,
  "end_date" text,
  "currency" text not null,
  "cover_image" text,
  "reminder_days" integer not null,
  "is_archived" integer not null,
  "created_at" text not null);

CREATE INDEX "trips_by_cover" on "trips" ("cover_image");

CREATE INDEX "trips_by_start" on "trips" ("start_date");

CREATE INDEX "trips_by_user" on "trips" ("user_id");

CREATE TABLE "undone_commits" ("commit_id" text not null,
  "undone_by" text not null,
  "in_force" integer not null, constraint "undone_commits_pk" primary key ("commit_id",
  "undone_by"));

CREATE INDEX "undone_commits_by_undo" on "undone_commits" ("undone_by");

CREATE TABLE "users" ("id" integer primary key autoincrement,
  "username" text not null unique,
  "name" text not null,
  "email" text not null unique,
  "email_verified" integer default 0 not null,
  "image" text,
  "role" text default 'user' not null,
  "banned" integer default false not null,
  "created_at" text not null,
  "updated_at" text not null,
  "is_guest" integer default false not null);

CREATE TABLE "verifications" ("id" integer primary key autoincrement,
  "identifier" text not null,
  "value" text not null,
  "expires_at" text not null,
  "created_at" text not null,
  "updated_at" text not null);

CREATE INDEX "verifications_by_identifier" on "verifications" ("identifier");

CREATE TABLE "visited_countries" ("id" integer primary key autoincrement,
  "user_id" integer not null references "users" ("id") on delete restrict,
  "country_code" text not null,
  "created_at" text not null, constraint "visited_countries_once" unique ("user_id",
  "country_code"));

CREATE TABLE "web_sessions" ("id" integer primary key autoincrement,
  "user_id" integer not null references "users" ("id") on delete restrict,
  "token" text not null unique,
  "user_agent" text,
  "ip_address" text,
  "expires_at" text not null,
  "created_at" text not null,
  "updated_at" text not null,
  "last_used_at" text);

CREATE INDEX "web_sessions_by_end" on "web_sessions" ("expires_at");

CREATE INDEX "web_sessions_by_user" on "web_sessions" ("user_id");
