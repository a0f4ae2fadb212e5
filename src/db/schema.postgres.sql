create table assignments (
  id bigint not null generated always as identity,
  trip_id bigint not null,
  day_id bigint not null,
  place_id bigint not null,
  order_index bigint not null,
  notes text,
  place_time text,
  end_time text,
  participant_ids text not null,
  created_at text not null,
  constraint assignments_pkey PRIMARY KEY (id),
  constraint assignments_day_id_fkey FOREIGN KEY (day_id) REFERENCES days(id) ON DELETE RESTRICT,
  constraint assignments_place_id_fkey FOREIGN KEY (place_id) REFERENCES places(id) ON DELETE RESTRICT,
  constraint assignments_trip_id_fkey FOREIGN KEY (trip_id) REFERENCES trips(id) ON DELETE RESTRICT
);

create table audit (
  id bigint not null generated always as identity,
  at text not null,
  event text not null,
  user_id bigint,
  way text not null,
  client text,
  grant_id text,
  ip_address text,
  outcome text not null,
  constraint audit_pkey PRIMARY KEY (id)
);

create table categories (
  id bigint not null generated always as identity,
  name text not null,
  color text not null,
  icon text not null,
  constraint categories_name_key UNIQUE (name),
  constraint categories_pkey PRIMARY KEY (id)
);

create table changes (
  space text not null,
  space_id bigint not null,
  seq bigint not null,
  commit_seq bigint not null,
  entity text not null,
  row_id bigint not null,
  action text not null,
  before text,
  after text,
  user_id bigint not null,
  way text not null,
  client text,
  grant_id text,
  operation text not null,
  at text not null,
  constraint changes_pk PRIMARY KEY (space, space_id, seq)
);

create table credentials (
  id bigint not null generated always as identity,
  user_id bigint not null,
  provider_id text not null,
  account_id text not null,
  password text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at text,
  refresh_token_expires_at text,
  scope text,
  created_at text not null,
  updated_at text not null,
  constraint credentials_provider UNIQUE (provider_id, account_id),
  constraint credentials_pkey PRIMARY KEY (id),
  constraint credentials_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE RESTRICT
);

create table days (
  id bigint not null generated always as identity,
  trip_id bigint not null,
  day_number bigint not null,
  date text,
  title text,
  notes text,
  constraint days_pkey PRIMARY KEY (id),
  constraint days_trip_id_fkey FOREIGN KEY (trip_id) REFERENCES trips(id) ON DELETE RESTRICT
);

create table guesses (
  subject text not null,
  count bigint not null,
  resets_at text not null,
  constraint guesses_pkey PRIMARY KEY (subject)
);

create table mcp_questions (
  id text not null,
  session_id text not null,
  answer text,
  asked_at text not null,
  constraint mcp_questions_pkey PRIMARY KEY (id),
  constraint mcp_questions_session_id_fkey FOREIGN KEY (session_id) REFERENCES mcp_sessions(id) ON DELETE CASCADE
);

create table mcp_sessions (
  id text not null,
  user_id bigint not null,
  grant_id text not null,
  client_name text,
  client_version text,
  protocol_version text not null,
  capabilities text not null,
  addons text not null,
  log_level text,
  created_at text not null,
  last_activity text not null,
  constraint mcp_sessions_pkey PRIMARY KEY (id)
);

create table mcp_subscriptions (
  session_id text not null,
  uri text not null,
  mark text not null,
  constraint mcp_subscriptions_pk PRIMARY KEY (session_id, uri),
  constraint mcp_subscriptions_session_id_fkey FOREIGN KEY (session_id) REFERENCES mcp_sessions(id) ON DELETE CASCADE
);

create table packing_items (
  id bigint not null generated always as identity,
  trip_id bigint not null,
  name text not null,
  category text not null,
  quantity bigint not null,
  weight_grams bigint,
  checked boolean not null,
  visibility text not null,
  shared_with text not null,
  owner_id bigint not null,
  sort_order bigint not null,
  created_at text not null,
  constraint packing_items_pkey PRIMARY KEY (id),
  constraint packing_items_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES users(id) ON DELETE RESTRICT,
  constraint packing_items_trip_id_fkey FOREIGN KEY (trip_id) REFERENCES trips(id) ON DELETE RESTRICT
);

create table place_tags (
  id bigint not null generated always as identity,
  trip_id bigint not null,
  place_id bigint not null,
  tag_id bigint not null,
  user_id bigint not null,
  constraint place_tags_once UNIQUE (place_id, tag_id),
  constraint place_tags_pkey PRIMARY KEY (id),
  constraint place_tags_place_id_fkey FOREIGN KEY (place_id) REFERENCES places(id) ON DELETE RESTRICT,
  constraint place_tags_tag_id_fkey FOREIGN KEY (tag_id) REFERENCES tags(id) ON DELETE RESTRICT,
  constraint place_tags_trip_id_fkey FOREIGN KEY (trip_id) REFERENCES trips(id) ON DELETE RESTRICT,
  constraint place_tags_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE RESTRICT
);

create table places (
  id bigint not null generated always as identity,
  trip_id bigint not null,
  name text not null,
  description text,
  lat double precision,
  lng double precision,
  address text,
  category_id bigint,
  price bigint,
  currency text,
  place_time text,
  end_time text,
  duration_minutes bigint,
  transport_mode text not null,
  notes text,
  website text,
  phone text,
  google_place_id text,
  google_ftid text,
  osm_id text,
  created_at text not null,
  constraint places_pkey PRIMARY KEY (id),
  constraint places_category_id_fkey FOREIGN KEY (category_id) REFERENCES categories(id) ON DELETE RESTRICT,
  constraint places_trip_id_fkey FOREIGN KEY (trip_id) REFERENCES trips(id) ON DELETE RESTRICT
);

create table settings (
  id bigint not null generated always as identity,
  key text not null,
  value text not null,
  constraint settings_key_key UNIQUE (key),
  constraint settings_pkey PRIMARY KEY (id)
);

create table spaces (
  space text not null,
  id bigint not null,
  seq bigint not null,
  constraint spaces_pk PRIMARY KEY (space, id)
);

create table static_tokens (
  id bigint not null generated always as identity,
  user_id bigint not null,
  name text not null,
  prefix text not null,
  hash text not null,
  created_at text not null,
  last_used_at text,
  constraint static_tokens_hash_key UNIQUE (hash),
  constraint static_tokens_pkey PRIMARY KEY (id),
  constraint static_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE RESTRICT
);

create table tags (
  id bigint not null generated always as identity,
  user_id bigint not null,
  name text not null,
  color text not null,
  created_at text not null,
  constraint tags_once UNIQUE (user_id, name),
  constraint tags_pkey PRIMARY KEY (id),
  constraint tags_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE RESTRICT
);

create table trip_members (
  id bigint not null generated always as identity,
  trip_id bigint not null,
  user_id bigint not null,
  role text not null,
  invited_by bigint,
  added_at text not null,
  constraint trip_members_once UNIQUE (trip_id, user_id),
  constraint trip_members_pkey PRIMARY KEY (id),
  constraint trip_members_invited_by_fkey FOREIGN KEY (invited_by) REFERENCES users(id) ON DELETE RESTRICT,
  constraint trip_members_trip_id_fkey FOREIGN KEY (trip_id) REFERENCES trips(id) ON DELETE RESTRICT,
  constraint trip_members_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE RESTRICT
);

create table trips (
  id bigint not null generated always as identity,
  user_id bigint not null,
  title text not null,
  description text,
  start_date text,
  end_date text,
  currency text not null,
  cover_image text,
  reminder_days bigint not null,
  is_archived boolean not null,
  created_at text not null,
  constraint trips_pkey PRIMARY KEY (id),
  constraint trips_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE RESTRICT
);

create table users (
  id bigint not null generated always as identity,
  username text not null,
  name text not null,
  email text not null,
  email_verified integer not null default 0,
  image text,
  role text not null default 'user'::text,
  banned boolean not null default false,
  created_at text not null,
  updated_at text not null,
  constraint users_email_key UNIQUE (email),
  constraint users_username_key UNIQUE (username),
  constraint users_pkey PRIMARY KEY (id)
);

create table verifications (
  id bigint not null generated always as identity,
  identifier text not null,
  value text not null,
  expires_at text not null,
  created_at text not null,
  updated_at text not null,
  constraint verifications_pkey PRIMARY KEY (id)
);

create table visited_countries (
  id bigint not null generated always as identity,
  user_id bigint not null,
  country_code text not null,
  created_at text not null,
  constraint visited_countries_once UNIQUE (user_id, country_code),
  constraint visited_countries_pkey PRIMARY KEY (id),
  constraint visited_countries_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE RESTRICT
);

create table web_sessions (
  id bigint not null generated always as identity,
  user_id bigint not null,
  token text not null,
  user_agent text,
  ip_address text,
  expires_at text not null,
  created_at text not null,
  updated_at text not null,
  last_used_at text,
  constraint web_sessions_token_key UNIQUE (token),
  constraint web_sessions_pkey PRIMARY KEY (id),
  constraint web_sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE RESTRICT
);

CREATE INDEX assignments_by_day ON public.assignments USING btree (day_id, order_index);
CREATE INDEX assignments_by_place ON public.assignments USING btree (place_id);
CREATE INDEX assignments_by_trip ON public.assignments USING btree (trip_id);
CREATE INDEX audit_by_moment ON public.audit USING btree (at);
CREATE INDEX audit_by_user ON public.audit USING btree (user_id, id);
CREATE INDEX credentials_by_user ON public.credentials USING btree (user_id);
CREATE INDEX days_by_trip ON public.days USING btree (trip_id, day_number);
CREATE INDEX mcp_questions_session ON public.mcp_questions USING btree (session_id);
CREATE INDEX mcp_sessions_activity ON public.mcp_sessions USING btree (last_activity);
CREATE INDEX mcp_sessions_grant ON public.mcp_sessions USING btree (grant_id);
CREATE INDEX mcp_sessions_user ON public.mcp_sessions USING btree (user_id, last_activity);
CREATE INDEX packing_items_by_owner ON public.packing_items USING btree (owner_id);
CREATE INDEX packing_items_by_trip ON public.packing_items USING btree (trip_id, sort_order);
CREATE INDEX place_tags_by_tag ON public.place_tags USING btree (tag_id);
CREATE INDEX place_tags_by_trip ON public.place_tags USING btree (trip_id, user_id);
CREATE INDEX places_by_category ON public.places USING btree (category_id);
CREATE INDEX places_by_trip ON public.places USING btree (trip_id);
CREATE INDEX static_tokens_by_user ON public.static_tokens USING btree (user_id);
CREATE INDEX trip_members_by_user ON public.trip_members USING btree (user_id);
CREATE INDEX trips_by_user ON public.trips USING btree (user_id);
CREATE INDEX verifications_by_identifier ON public.verifications USING btree (identifier);
CREATE INDEX web_sessions_by_end ON public.web_sessions USING btree (expires_at);
CREATE INDEX web_sessions_by_user ON public.web_sessions USING btree (user_id);
