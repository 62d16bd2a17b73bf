-- Calls over WebRTC: each connects to its interview by a secret of its own, as often as it has to.

ALTER TABLE client_secrets ADD COLUMN call_id text UNIQUE;    -- null: what a browser connects with, once
