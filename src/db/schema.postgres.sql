create table accommodations (
  id bigint not null generated always as identity,
  trip_id bigint not null,
  place_id bigint,
  start_day_id bigint not null,
  end_day_id bigint not null,
  check_in text,
  check_in_end text,
  check_out text,
  confirmation text,
  notes text,
  created_at text not null,
  constraint accommodations_pkey PRIMARY KEY (id),
  constraint accommodations_end_day_id_fkey FOREIGN KEY (end_day_id) REFERENCES days(id) ON DELETE RESTRICT,
  constraint accommodations_place_id_fkey FOREIGN KEY (place_id) REFERENCES places(id) ON DELETE RESTRICT,
  constraint accommodations_start_day_id_fkey FOREIGN KEY (start_day_id) REFERENCES days(id) ON DELETE RESTRICT,
  constraint accommodations_trip_id_fkey FOREIGN KEY (trip_id) REFERENCES trips(id) ON DELETE RESTRICT
);

create table assignments (
  id bigint not null generated always as identity,
  trip_id bigint not null,
  day_id bigint not null,
  place_id bigint not null,
  notes text,
  place_time text,
  end_time text,
  participant_ids text not null,
  created_at text not null,
  order_key text collate "C" not null default ''::text,
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
  count bigint not null default 1,
  subject text,
  constraint audit_pkey PRIMARY KEY (id)
);

create table budget_items (
  id bigint not null generated always as identity,
  trip_id bigint not null,
  name text not null,
  category text not null,
  total_price bigint not null,
  currency text not null,
  payers text not null,
  members text not null,
  persons bigint,
  days bigint,
  expense_date text,
  note text,
  reservation_id bigint,
  exchange_rate double precision,
  rate_base text,
  rate_date text,
  rate_source text,
  created_at text not null,
  order_key text collate "C" not null default ''::text,
  constraint budget_items_pkey PRIMARY KEY (id),
  constraint budget_items_reservation_id_fkey FOREIGN KEY (reservation_id) REFERENCES reservations(id) ON DELETE RESTRICT,
  constraint budget_items_trip_id_fkey FOREIGN KEY (trip_id) REFERENCES trips(id) ON DELETE RESTRICT
);

create table budget_settlements (
  id bigint not null generated always as identity,
  trip_id bigint not null,
  from_user_id bigint not null,
  to_user_id bigint not null,
  amount bigint not null,
  currency text not null,
  exchange_rate double precision,
  rate_base text,
  rate_date text,
  rate_source text,
  created_at text not null,
  constraint budget_settlements_pkey PRIMARY KEY (id),
  constraint budget_settlements_from_user_id_fkey FOREIGN KEY (from_user_id) REFERENCES users(id) ON DELETE RESTRICT,
  constraint budget_settlements_to_user_id_fkey FOREIGN KEY (to_user_id) REFERENCES users(id) ON DELETE RESTRICT,
  constraint budget_settlements_trip_id_fkey FOREIGN KEY (trip_id) REFERENCES trips(id) ON DELETE RESTRICT
);

create table calls (
  scope text not null,
  key text not null,
  operation text not null,
  input_hash text not null,
  commit_id text not null,
  answer text,
  at text not null,
  home_space text not null default ''::text,
  home_id bigint not null default 0,
  user_id bigint not null default 0,
  constraint calls_pk PRIMARY KEY (scope, key)
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
  commit_id text not null default ''::text,
  nth bigint not null default 0,
  home_space text not null default ''::text,
  home_id bigint not null default 0,
  client_instance text,
  schema integer not null default 0,
  constraint changes_pk PRIMARY KEY (space, space_id, seq)
);

create table collab_messages (
  id bigint not null generated always as identity,
  trip_id bigint not null,
  author_id bigint,
  text text not null,
  reply_to bigint,
  reactions text not null,
  deleted boolean not null,
  created_at text not null,
  constraint collab_messages_pkey PRIMARY KEY (id),
  constraint collab_messages_author_id_fkey FOREIGN KEY (author_id) REFERENCES users(id) ON DELETE RESTRICT,
  constraint collab_messages_reply_to_fkey FOREIGN KEY (reply_to) REFERENCES collab_messages(id) ON DELETE RESTRICT,
  constraint collab_messages_trip_id_fkey FOREIGN KEY (trip_id) REFERENCES trips(id) ON DELETE RESTRICT
);

create table collab_notes (
  id bigint not null generated always as identity,
  trip_id bigint not null,
  author_id bigint,
  title text not null,
  content text,
  category text not null,
  color text not null,
  pinned boolean not null,
  website text,
  created_at text not null,
  updated_at text not null,
  constraint collab_notes_pkey PRIMARY KEY (id),
  constraint collab_notes_author_id_fkey FOREIGN KEY (author_id) REFERENCES users(id) ON DELETE RESTRICT,
  constraint collab_notes_trip_id_fkey FOREIGN KEY (trip_id) REFERENCES trips(id) ON DELETE RESTRICT
);

create table collab_polls (
  id bigint not null generated always as identity,
  trip_id bigint not null,
  author_id bigint,
  question text not null,
  options text not null,
  multiple boolean not null,
  deadline text,
  closed_at text,
  votes text not null,
  created_at text not null,
  constraint collab_polls_pkey PRIMARY KEY (id),
  constraint collab_polls_author_id_fkey FOREIGN KEY (author_id) REFERENCES users(id) ON DELETE RESTRICT,
  constraint collab_polls_trip_id_fkey FOREIGN KEY (trip_id) REFERENCES trips(id) ON DELETE RESTRICT
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

create table day_notes (
  id bigint not null generated always as identity,
  trip_id bigint not null,
  day_id bigint not null,
  text text not null,
  time text,
  icon text not null,
  created_at text not null,
  order_key text collate "C" not null default ''::text,
  constraint day_notes_pkey PRIMARY KEY (id),
  constraint day_notes_day_id_fkey FOREIGN KEY (day_id) REFERENCES days(id) ON DELETE RESTRICT,
  constraint day_notes_trip_id_fkey FOREIGN KEY (trip_id) REFERENCES trips(id) ON DELETE RESTRICT
);

create table days (
  id bigint not null generated always as identity,
  trip_id bigint not null,
  day_number bigint not null,
  date text,
  title text,
  constraint days_pkey PRIMARY KEY (id),
  constraint days_trip_id_fkey FOREIGN KEY (trip_id) REFERENCES trips(id) ON DELETE RESTRICT
);

create table file_keys (
  key text not null,
  kept_at text not null,
  user_id integer,
  size bigint not null default 0,
  constraint file_keys_pkey PRIMARY KEY (key)
);

create table guesses (
  subject text not null,
  count bigint not null,
  resets_at text not null,
  constraint guesses_pkey PRIMARY KEY (subject)
);

create table instance (
  id bigint not null,
  instance_id text not null,
  epoch text not null,
  copy text,
  key_fingerprint text,
  files_id text,
  constraint instance_pkey PRIMARY KEY (id)
);

create table kept_secrets (
  commit_id text not null,
  nth integer not null,
  space text not null,
  space_id bigint not null,
  entity text not null,
  row_id bigint not null,
  sealed text not null,
  at text not null,
  constraint kept_secrets_pk PRIMARY KEY (commit_id, nth)
);

create table leases (
  name text not null,
  holder text not null,
  until bigint not null,
  constraint leases_pkey PRIMARY KEY (name)
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
  client_id text,
  slept_at text,
  constraint mcp_sessions_pkey PRIMARY KEY (id)
);

create table mcp_subscriptions (
  session_id text not null,
  uri text not null,
  mark text not null,
  constraint mcp_subscriptions_pk PRIMARY KEY (session_id, uri),
  constraint mcp_subscriptions_session_id_fkey FOREIGN KEY (session_id) REFERENCES mcp_sessions(id) ON DELETE CASCADE
);

create table notification_preferences (
  id bigint not null generated always as identity,
  user_id bigint not null,
  event text not null,
  in_app boolean not null,
  constraint notification_preferences_once UNIQUE (user_id, event),
  constraint notification_preferences_pkey PRIMARY KEY (id),
  constraint notification_preferences_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE RESTRICT
);

create table notifications (
  id bigint not null generated always as identity,
  recipient_id bigint not null,
  trip_id bigint not null,
  event text not null,
  actor_id bigint,
  about text not null,
  date text,
  count bigint not null,
  is_read boolean not null,
  dismissed boolean not null,
  once_key text,
  created_at text not null,
  constraint notifications_once UNIQUE (recipient_id, once_key),
  constraint notifications_pkey PRIMARY KEY (id),
  constraint notifications_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES users(id) ON DELETE RESTRICT,
  constraint notifications_recipient_id_fkey FOREIGN KEY (recipient_id) REFERENCES users(id) ON DELETE RESTRICT,
  constraint notifications_trip_id_fkey FOREIGN KEY (trip_id) REFERENCES trips(id) ON DELETE RESTRICT
);

create table oauth_artifacts (
  model text not null,
  id_hash text not null,
  grant_id bigint,
  payload text not null,
  expires_at text not null,
  consumed_at text,
  constraint oauth_artifacts_pk PRIMARY KEY (id_hash, model),
  constraint oauth_artifacts_grant_id_fkey FOREIGN KEY (grant_id) REFERENCES oauth_grants(id) ON DELETE CASCADE
);

create table oauth_clients (
  id bigint not null generated always as identity,
  user_id bigint not null,
  client_id text not null,
  name text not null,
  redirect_uris text not null,
  scopes text not null,
  public_keys text,
  secret_hash text,
  created_at text not null,
  constraint oauth_clients_client_id_key UNIQUE (client_id),
  constraint oauth_clients_pkey PRIMARY KEY (id),
  constraint oauth_clients_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE RESTRICT
);

create table oauth_grants (
  id bigint not null generated always as identity,
  user_id bigint not null,
  kind text not null,
  client_id text not null,
  client_name text not null,
  redirect_host text,
  resource text not null,
  scopes text not null,
  created_at text not null,
  last_used_at text,
  redirect_uri text,
  constraint oauth_grants_pkey PRIMARY KEY (id),
  constraint oauth_grants_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE RESTRICT
);

create table oauth_registrations (
  id bigint not null generated always as identity,
  client_id text not null,
  metadata text not null,
  created_at text not null,
  used_at text,
  constraint oauth_registrations_client_id_key UNIQUE (client_id),
  constraint oauth_registrations_pkey PRIMARY KEY (id)
);

create table packing_bags (
  id bigint not null generated always as identity,
  trip_id bigint not null,
  name text not null,
  color text not null,
  weight_limit_grams bigint,
  member_ids text not null,
  created_at text not null,
  order_key text collate "C" not null default ''::text,
  constraint packing_bags_pkey PRIMARY KEY (id),
  constraint packing_bags_trip_id_fkey FOREIGN KEY (trip_id) REFERENCES trips(id) ON DELETE RESTRICT
);

create table packing_category_assignees (
  id bigint not null generated always as identity,
  trip_id bigint not null,
  category text not null,
  user_ids text not null,
  constraint packing_category_assignees_once UNIQUE (trip_id, category),
  constraint packing_category_assignees_pkey PRIMARY KEY (id),
  constraint packing_category_assignees_trip_id_fkey FOREIGN KEY (trip_id) REFERENCES trips(id) ON DELETE RESTRICT
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
  created_at text not null,
  bag_id bigint,
  order_key text collate "C" not null default ''::text,
  constraint packing_items_pkey PRIMARY KEY (id),
  constraint packing_items_bag_id_fkey FOREIGN KEY (bag_id) REFERENCES packing_bags(id) ON DELETE RESTRICT,
  constraint packing_items_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES users(id) ON DELETE RESTRICT,
  constraint packing_items_trip_id_fkey FOREIGN KEY (trip_id) REFERENCES trips(id) ON DELETE RESTRICT
);

create table packing_templates (
  id bigint not null generated always as identity,
  name text not null,
  items text not null,
  created_at text not null,
  created_by bigint,
  constraint packing_templates_pkey PRIMARY KEY (id),
  constraint packing_templates_created_by_fkey FOREIGN KEY (created_by) REFERENCES users(id) ON DELETE RESTRICT
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

create table presence (
  process text not null,
  topic text not null,
  who text not null,
  way text not null,
  person text not null,
  since bigint not null,
  constraint presence_pk PRIMARY KEY (process, topic, who)
);

create table processes (
  id text not null,
  beat bigint not null,
  constraint processes_pkey PRIMARY KEY (id)
);

create table request_counts (
  who text not null,
  begun bigint not null,
  count bigint not null,
  constraint request_counts_pkey PRIMARY KEY (who)
);

create table reservations (
  id bigint not null generated always as identity,
  trip_id bigint not null,
  type text not null,
  title text not null,
  status text not null,
  day_id bigint,
  end_day_id bigint,
  place_id bigint,
  assignment_id bigint,
  accommodation_id bigint,
  reservation_time text,
  reservation_end_time text,
  location text,
  confirmation_number text,
  notes text,
  url text,
  metadata text not null,
  endpoints text not null,
  needs_review boolean not null,
  created_at text not null,
  day_keys text not null default '{}'::text,
  constraint reservations_accommodation_id_key UNIQUE (accommodation_id),
  constraint reservations_pkey PRIMARY KEY (id),
  constraint reservations_accommodation_id_fkey FOREIGN KEY (accommodation_id) REFERENCES accommodations(id) ON DELETE RESTRICT,
  constraint reservations_assignment_id_fkey FOREIGN KEY (assignment_id) REFERENCES assignments(id) ON DELETE RESTRICT,
  constraint reservations_day_id_fkey FOREIGN KEY (day_id) REFERENCES days(id) ON DELETE RESTRICT,
  constraint reservations_end_day_id_fkey FOREIGN KEY (end_day_id) REFERENCES days(id) ON DELETE RESTRICT,
  constraint reservations_place_id_fkey FOREIGN KEY (place_id) REFERENCES places(id) ON DELETE RESTRICT,
  constraint reservations_trip_id_fkey FOREIGN KEY (trip_id) REFERENCES trips(id) ON DELETE RESTRICT
);

create table settings (
  id bigint not null generated always as identity,
  key text not null,
  value text not null,
  constraint settings_key_key UNIQUE (key),
  constraint settings_pkey PRIMARY KEY (id)
);

create table share_links (
  id bigint not null generated always as identity,
  trip_id bigint not null,
  share_map boolean not null,
  share_bookings boolean not null,
  share_packing boolean not null,
  share_budget boolean not null,
  share_collab boolean not null,
  nonce text not null,
  token_hash text not null,
  created_by bigint,
  created_at text not null,
  expires_at text not null,
  constraint share_links_token_hash_key UNIQUE (token_hash),
  constraint share_links_trip_id_key UNIQUE (trip_id),
  constraint share_links_pkey PRIMARY KEY (id),
  constraint share_links_created_by_fkey FOREIGN KEY (created_by) REFERENCES users(id) ON DELETE RESTRICT,
  constraint share_links_trip_id_fkey FOREIGN KEY (trip_id) REFERENCES trips(id) ON DELETE RESTRICT
);

create table spaces (
  space text not null,
  id bigint not null,
  seq bigint not null,
  erased_to bigint not null default 0,
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

create table todo_category_assignees (
  id bigint not null generated always as identity,
  trip_id bigint not null,
  category text not null,
  user_ids text not null,
  constraint todo_category_assignees_once UNIQUE (trip_id, category),
  constraint todo_category_assignees_pkey PRIMARY KEY (id),
  constraint todo_category_assignees_trip_id_fkey FOREIGN KEY (trip_id) REFERENCES trips(id) ON DELETE RESTRICT
);

create table todos (
  id bigint not null generated always as identity,
  trip_id bigint not null,
  name text not null,
  category text,
  due_date text,
  description text,
  assigned_user_id bigint,
  priority bigint not null,
  checked boolean not null,
  created_at text not null,
  order_key text collate "C" not null default ''::text,
  constraint todos_pkey PRIMARY KEY (id),
  constraint todos_assigned_user_id_fkey FOREIGN KEY (assigned_user_id) REFERENCES users(id) ON DELETE RESTRICT,
  constraint todos_trip_id_fkey FOREIGN KEY (trip_id) REFERENCES trips(id) ON DELETE RESTRICT
);

create table trip_files (
  id bigint not null generated always as identity,
  trip_id bigint not null,
  name text not null,
  size bigint not null,
  type text not null,
  kind text not null,
  description text,
  place_ids text not null,
  reservation_ids text not null,
  starred boolean not null,
  uploaded_by bigint,
  created_at text not null,
  deleted_at text,
  key text not null,
  constraint trip_files_pkey PRIMARY KEY (id),
  constraint trip_files_trip_id_fkey FOREIGN KEY (trip_id) REFERENCES trips(id) ON DELETE RESTRICT,
  constraint trip_files_uploaded_by_fkey FOREIGN KEY (uploaded_by) REFERENCES users(id) ON DELETE RESTRICT
);

create table trip_members (
  id bigint not null generated always as identity,
  trip_id bigint not null,
  user_id bigint not null,
  role text not null,
  invited_by bigint,
  added_at text not null,
  guest_name text,
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

create table undone_commits (
  commit_id text not null,
  undone_by text not null,
  in_force boolean not null,
  constraint undone_commits_pk PRIMARY KEY (commit_id, undone_by)
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
  is_guest boolean not null default false,
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

CREATE INDEX accommodations_by_end ON public.accommodations USING btree (end_day_id);
CREATE INDEX accommodations_by_place ON public.accommodations USING btree (place_id);
CREATE INDEX accommodations_by_start ON public.accommodations USING btree (start_day_id);
CREATE INDEX accommodations_by_trip ON public.accommodations USING btree (trip_id);
CREATE INDEX assignments_by_day ON public.assignments USING btree (day_id, order_key);
CREATE INDEX assignments_by_place ON public.assignments USING btree (place_id);
CREATE INDEX assignments_by_trip ON public.assignments USING btree (trip_id);
CREATE INDEX audit_by_moment ON public.audit USING btree (at, user_id, event);
CREATE INDEX audit_by_user ON public.audit USING btree (user_id, id);
CREATE INDEX budget_items_by_reservation ON public.budget_items USING btree (reservation_id);
CREATE INDEX budget_items_by_trip ON public.budget_items USING btree (trip_id, order_key);
CREATE INDEX budget_settlements_by_payer ON public.budget_settlements USING btree (from_user_id);
CREATE INDEX budget_settlements_by_receiver ON public.budget_settlements USING btree (to_user_id);
CREATE INDEX budget_settlements_by_trip ON public.budget_settlements USING btree (trip_id, created_at);
CREATE INDEX calls_by_home ON public.calls USING btree (home_space, home_id);
CREATE INDEX calls_by_moment ON public.calls USING btree (at);
CREATE INDEX calls_by_user ON public.calls USING btree (user_id);
CREATE INDEX changes_by_commit ON public.changes USING btree (commit_id);
CREATE INDEX changes_by_grant ON public.changes USING btree (grant_id);
CREATE INDEX changes_by_maker ON public.changes USING btree (user_id, entity) WHERE (action = 'insert'::text);
CREATE INDEX changes_by_row ON public.changes USING btree (entity, row_id, space, space_id, seq);
CREATE INDEX changes_of_deleted_trips ON public.changes USING btree (entity, at) WHERE ((entity = 'trip'::text) AND (action = 'remove'::text) AND (before IS NOT NULL));
CREATE INDEX collab_messages_by_author ON public.collab_messages USING btree (author_id);
CREATE INDEX collab_messages_by_reply ON public.collab_messages USING btree (reply_to);
CREATE INDEX collab_messages_by_trip ON public.collab_messages USING btree (trip_id, id);
CREATE INDEX collab_messages_with_reactions ON public.collab_messages USING btree (id) WHERE (reactions <> '[]'::text);
CREATE INDEX collab_notes_by_author ON public.collab_notes USING btree (author_id);
CREATE INDEX collab_notes_by_trip ON public.collab_notes USING btree (trip_id);
CREATE INDEX collab_polls_by_author ON public.collab_polls USING btree (author_id);
CREATE INDEX collab_polls_by_trip ON public.collab_polls USING btree (trip_id);
CREATE INDEX credentials_by_user ON public.credentials USING btree (user_id);
CREATE INDEX day_notes_by_day ON public.day_notes USING btree (day_id, order_key);
CREATE INDEX day_notes_by_trip ON public.day_notes USING btree (trip_id);
CREATE INDEX days_by_trip ON public.days USING btree (trip_id, day_number);
CREATE INDEX file_keys_by_user ON public.file_keys USING btree (user_id);
CREATE INDEX kept_secrets_by_at ON public.kept_secrets USING btree (at);
CREATE INDEX kept_secrets_by_row ON public.kept_secrets USING btree (entity, row_id);
CREATE INDEX kept_secrets_by_space ON public.kept_secrets USING btree (space, space_id);
CREATE INDEX mcp_questions_session ON public.mcp_questions USING btree (session_id);
CREATE INDEX mcp_sessions_activity ON public.mcp_sessions USING btree (slept_at, last_activity);
CREATE INDEX mcp_sessions_grant ON public.mcp_sessions USING btree (grant_id);
CREATE INDEX mcp_sessions_user ON public.mcp_sessions USING btree (user_id, slept_at);
CREATE INDEX notifications_by_actor ON public.notifications USING btree (actor_id);
CREATE INDEX notifications_by_moment ON public.notifications USING btree (created_at);
CREATE INDEX notifications_by_recipient ON public.notifications USING btree (recipient_id, created_at);
CREATE INDEX notifications_by_trip ON public.notifications USING btree (trip_id);
CREATE INDEX oauth_artifacts_by_end ON public.oauth_artifacts USING btree (expires_at);
CREATE INDEX oauth_artifacts_by_grant ON public.oauth_artifacts USING btree (grant_id);
CREATE INDEX oauth_clients_by_user ON public.oauth_clients USING btree (user_id);
CREATE INDEX oauth_grants_by_client ON public.oauth_grants USING btree (client_id);
CREATE INDEX oauth_grants_by_kind ON public.oauth_grants USING btree (kind, created_at);
CREATE INDEX oauth_grants_by_user ON public.oauth_grants USING btree (user_id, client_id);
CREATE INDEX oauth_registrations_by_use ON public.oauth_registrations USING btree (used_at, created_at);
CREATE INDEX packing_bags_by_trip ON public.packing_bags USING btree (trip_id, order_key);
CREATE INDEX packing_items_by_bag ON public.packing_items USING btree (bag_id);
CREATE INDEX packing_items_by_owner ON public.packing_items USING btree (owner_id);
CREATE INDEX packing_items_by_trip ON public.packing_items USING btree (trip_id, order_key);
CREATE INDEX packing_templates_by_maker ON public.packing_templates USING btree (created_by);
CREATE INDEX place_tags_by_tag ON public.place_tags USING btree (tag_id);
CREATE INDEX place_tags_by_trip ON public.place_tags USING btree (trip_id, user_id);
CREATE INDEX place_tags_by_user ON public.place_tags USING btree (user_id);
CREATE INDEX places_by_category ON public.places USING btree (category_id);
CREATE INDEX places_by_trip ON public.places USING btree (trip_id, created_at, id);
CREATE INDEX presence_by_topic ON public.presence USING btree (topic);
CREATE INDEX reservations_by_assignment ON public.reservations USING btree (assignment_id);
CREATE INDEX reservations_by_day ON public.reservations USING btree (day_id);
CREATE INDEX reservations_by_end_day ON public.reservations USING btree (end_day_id);
CREATE INDEX reservations_by_place ON public.reservations USING btree (place_id);
CREATE INDEX reservations_by_trip ON public.reservations USING btree (trip_id);
CREATE INDEX share_links_by_creator ON public.share_links USING btree (created_by);
CREATE INDEX static_tokens_by_user ON public.static_tokens USING btree (user_id);
CREATE INDEX todos_by_assigned_user ON public.todos USING btree (assigned_user_id);
CREATE INDEX todos_by_due_date ON public.todos USING btree (due_date);
CREATE INDEX todos_by_trip ON public.todos USING btree (trip_id, order_key);
CREATE INDEX trip_files_by_key ON public.trip_files USING btree (key);
CREATE INDEX trip_files_by_trip ON public.trip_files USING btree (trip_id);
CREATE INDEX trip_files_by_uploader ON public.trip_files USING btree (uploaded_by);
CREATE INDEX trip_members_by_inviter ON public.trip_members USING btree (invited_by);
CREATE INDEX trip_members_by_user ON public.trip_members USING btree (user_id);
CREATE INDEX trips_by_cover ON public.trips USING btree (cover_image);
CREATE INDEX trips_by_start ON public.trips USING btree (start_date);
CREATE INDEX trips_by_user ON public.trips USING btree (user_id);
CREATE INDEX undone_commits_by_undo ON public.undone_commits USING btree (undone_by);
CREATE INDEX verifications_by_identifier ON public.verifications USING btree (identifier);
CREATE INDEX web_sessions_by_end ON public.web_sessions USING btree (expires_at);
CREATE INDEX web_sessions_by_user ON public.web_sessions USING btree (user_id);
