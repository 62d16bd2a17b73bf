-- How much an organisation has added on a day of UTC, so that none fills the disk of all.

CREATE TABLE uploads (
    organisation_id uuid NOT NULL DEFAULT viva_organisation() REFERENCES organisations ON DELETE CASCADE,
    day             date NOT NULL,
    files           integer NOT NULL,
    bytes           bigint NOT NULL,
    PRIMARY KEY (organisation_id, day)
);

SELECT viva_keep_apart('uploads');
