-- Where an organisation is told of what happens to its interviews, and what it was told: ids and states alone.

CREATE TABLE webhooks (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    organisation_id uuid NOT NULL DEFAULT viva_organisation() REFERENCES organisations ON DELETE CASCADE,
    url             text NOT NULL CHECK (url <> ''),
    events          text[] NOT NULL CHECK (events <> '{}'),
    secret          bytea NOT NULL,           -- sealed; what is sent is signed with it
    made_at         timestamptz NOT NULL DEFAULT now(),
    failing_since   timestamptz,              -- nothing got through since then; null: the last one did
    disabled_at     timestamptz,
    disabled_why    text,                     -- asked, gone, failing
    CHECK ((disabled_at IS NULL) = (disabled_why IS NULL))
);

-- Written in the transaction of what it tells of, with its job. What is about a person goes with them.
CREATE TABLE webhook_deliveries (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),  -- webhook-id, the same however often it is sent
    organisation_id uuid NOT NULL REFERENCES organisations ON DELETE CASCADE,
    webhook_id      uuid NOT NULL REFERENCES webhooks ON DELETE CASCADE,
    interview_id    uuid REFERENCES interviews ON DELETE CASCADE,
    invitation_id   uuid REFERENCES invitations ON DELETE CASCADE,
    event           text NOT NULL,
    data            jsonb NOT NULL,
    happened_at     timestamptz NOT NULL DEFAULT now(),
    attempts        int NOT NULL DEFAULT 0,
    tried_at        timestamptz,
    status          int,                      -- that of HTTP, the last time; null: there was no answer
    failure         text,                     -- why it was not taken the last time
    delivered_at    timestamptz,
    given_up_at     timestamptz
);

CREATE INDEX webhook_deliveries_webhook ON webhook_deliveries (webhook_id, id);
CREATE INDEX webhook_deliveries_interview ON webhook_deliveries (interview_id) WHERE interview_id IS NOT NULL;
CREATE INDEX webhook_deliveries_invitation ON webhook_deliveries (invitation_id) WHERE invitation_id IS NOT NULL;
CREATE INDEX webhook_deliveries_age ON webhook_deliveries (happened_at);

SELECT viva_keep_apart('webhooks'), viva_keep_apart('webhook_deliveries');

-- Every job says whose it is.
DROP POLICY own ON jobs;
CREATE POLICY own ON jobs TO viva_app USING (organisation_id = viva_organisation());
