-- Beside the built-in roles there are those that administrators make.
alter table roles
  add column description text not null default '',
  add column version bigint not null default 1;
