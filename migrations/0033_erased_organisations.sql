-- What is left of an organisation that was deleted: the receipt, as its log. That of the whole of it names
-- neither a résumé nor an invitation.
ALTER TABLE erasure_receipts
    DROP CONSTRAINT erasure_receipts_organisation_id_fkey,
    DROP CONSTRAINT erasure_receipts_check,
    ADD CHECK (num_nonnulls(resume_id, invitation_id) <= 1);
