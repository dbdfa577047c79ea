-- Clients with roles on the whole platform; client_id outside is client_ and the id. Of a secret its SHA-256.
create table platform_clients (
  id uuid primary key,
  name text not null,
  roles text[] not null,
  secret_sha256 bytea not null,
  created_at timestamptz not null,
  revoked_at timestamptz
);
