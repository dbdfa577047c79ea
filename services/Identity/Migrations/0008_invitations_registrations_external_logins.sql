create table invitations (
  id uuid primary key,
  team_id uuid not null references teams on delete cascade,
  email text not null,
  roles text[] not null,
  invited_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  accepted_by uuid,
  revoked_at timestamptz
);
create index invitations_team on invitations (team_id, id);

-- People who asked for an account and have proved their e-mail address. password_hash is gone once it is decided.
create table registrations (
  id uuid primary key,
  login text not null,
  name text not null,
  email text not null,
  password_hash text,
  status text not null,
  created_at timestamptz not null,
  decided_at timestamptz,
  user_id uuid
);
create unique index registrations_login on registrations (login) where status = 'Pending';
create unique index registrations_email on registrations (lower(email)) where status = 'Pending';

-- Who a user is at an OpenID Connect provider: a subject is one's own at its issuer only.
create table external_logins (
  issuer text not null,
  subject text not null,
  user_id uuid not null references users on delete cascade,
  created_at timestamptz not null,
  used_at timestamptz not null,
  primary key (issuer, subject)
);
create unique index external_logins_user on external_logins (user_id, issuer);
