-- What an organisation says of itself and decides for its members; and who signs in by a provider.

ALTER TABLE organisations
    ADD COLUMN address text NOT NULL DEFAULT '',
    ADD COLUMN contact text NOT NULL DEFAULT '',       -- whom candidates may turn to
    ADD COLUMN codes_required boolean NOT NULL DEFAULT false,
    ADD COLUMN join_domain text CHECK (join_domain = lower(join_domain) AND join_domain <> ''),
    ADD COLUMN resumes_per_day integer CHECK (resumes_per_day >= 0),      -- null: as the server says
    ADD COLUMN upload_bytes_per_day bigint CHECK (upload_bytes_per_day >= 0);

-- One domain is one organisation's.
CREATE UNIQUE INDEX organisations_join_domain ON organisations (join_domain);

-- Who somebody is to the provider by whom they sign in, for good; their address may go to another.
ALTER TABLE users ADD COLUMN subject text, ADD UNIQUE (organisation_id, subject);
CREATE INDEX users_subject ON users (subject);

ALTER TABLE sessions ADD COLUMN way text NOT NULL DEFAULT 'password'
    CHECK (way IN ('password', 'link', 'provider'));
