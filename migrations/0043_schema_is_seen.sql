-- The server says whether the database is of its version.
GRANT SELECT ON schema_migrations TO viva_system;
