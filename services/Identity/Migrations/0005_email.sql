-- E-mail to send, a row for each recipient. content is sealed, and gone when there is nothing more to do.
create table email (
  id uuid primary key,
  message_id uuid not null,
  recipient text not null,
  content bytea,
  status text not null,
  attempts int not null default 0,
  due_at timestamptz not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  last_error text,
  unique (message_id, recipient)
);
create index email_due on email (due_at) where status = 'Waiting';
create index email_ended on email (ended_at) where status <> 'Waiting';
