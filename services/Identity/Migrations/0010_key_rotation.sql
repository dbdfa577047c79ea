-- Keys by RS256 too, and a life: published while the row is there, signing from signs_from until another one does; null
-- while that is not decided.
alter table signing_keys add column signs_from timestamptz;
update signing_keys set signs_from = created_at;

-- Grows when signing keys change: services that follow the role table then read them anew.
alter table role_table_head add column signing_keys_version bigint not null default 0;

-- What tokens are signed by for the client (OpenID Connect Dynamic Client Registration 1.0 section 2).
alter table oauth_clients
  add column access_token_signing_alg text not null default 'ES256',
  add column id_token_signed_response_alg text not null default 'ES256',
  add column jwks_uri text,
  add column allowed_origins text[] not null default '{}';

-- Where programs that run in browsers may call from: where their codes are brought.
update oauth_clients set allowed_origins = (
  select coalesce(array_agg(distinct substring(u from '^https?://[^/?]+')), '{}') from unnest(redirect_uris) u
) where authentication = 'none';
create index oauth_clients_origins on oauth_clients using gin (allowed_origins) where revoked_at is null;

-- As gateways tell it, to the minute.
alter table api_keys add column last_used_at timestamptz;
