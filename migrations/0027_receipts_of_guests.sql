-- Whoever was invited and gave nothing yet can be deleted too: their receipt names the invitation.
ALTER TABLE erasure_receipts
    ALTER COLUMN resume_id DROP NOT NULL,
    ADD COLUMN invitation_id uuid,
    ADD CHECK (num_nonnulls(resume_id, invitation_id) = 1);
