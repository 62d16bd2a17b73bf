-- Whether candidates' browsers may have the questions spoken by their maker's servers.
ALTER TABLE organisations ADD COLUMN cloud_voice boolean NOT NULL DEFAULT false;
